functions = {
  orders = {
    handler = "orders.handler"
    env     = { TABLE = "orders" }
    policy  = [{ actions = ["dynamodb:Query"] }]
  }
  hooks = {
    handler = "hooks.handler"
    memory  = 512
    timeout = 10
    url     = {}
  }
}
