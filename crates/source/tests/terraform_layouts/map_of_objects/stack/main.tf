variable "functions" {
  type = map(object({
    handler = string
    memory  = optional(number, 256)
    timeout = optional(number)
    env     = optional(map(string), {})
    url     = optional(object({ auth = optional(string, "AWS_IAM") }))
    policy  = optional(list(object({ actions = list(string), resources = optional(list(string), ["*"]) })), [])
  }))
}

module "function" {
  source   = "../modules/function"
  for_each = var.functions

  name     = each.key
  settings = each.value
}

output "arns" {
  value = { for name, function in module.function : name => function.arn }
}
