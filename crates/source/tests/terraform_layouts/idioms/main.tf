variable "config" {
  type    = any
  default = { memory = "512", nested = { timeout = 20 } }
}
variable "name" {
  type    = string
  default = null
}
variable "extra" {
  type    = map(string)
  default = null
}
locals {
  name    = coalesce(var.name, "fn")
  memory  = try(tonumber(var.config.memory), 128)
  timeout = can(var.config.nested.timeout) ? var.config.nested.timeout : 3
  role    = one([for arn in ["arn:aws:iam::111122223333:role/fn"] : arn if startswith(arn, "arn:")])
  pairs   = { for pair in setproduct(["a", "b"], ["x"]) : join("-", pair) => pair }
  flat    = flatten([for name, pair in local.pairs : [for part in pair : "${name}/${part}"]])
  account = regex("^arn:aws:iam::(\\d{12}):", local.role)[0]
  grouped = { for path in local.flat : split("/", path)[0] => path... }
}
resource "aws_lambda_function" "fn" {
  function_name = local.name
  role          = local.role
  runtime       = "python3.13"
  handler       = "fn.handler"
  filename      = "fn.zip"
  memory_size   = local.memory
  timeout       = local.timeout
  kms_key_arn   = try(var.config.kms.arn, null)
  layers        = compact([try(var.config.layer, ""), null])
  environment {
    variables = merge(
      { ACCOUNT = local.account, PATHS = join(",", sort(local.flat)), GROUPS = length(local.grouped) },
      coalesce(var.extra, {}),
      [for name in ["A", "B"] : { "FLAG_${name}" = lower(tostring(true)) }]...
    )
  }
}
resource "aws_lambda_function_event_invoke_config" "fn" {
  function_name                = aws_lambda_function.fn.function_name
  maximum_retry_attempts       = max(0, min(2, 5))
  maximum_event_age_in_seconds = parseint("e10", 16)
}
