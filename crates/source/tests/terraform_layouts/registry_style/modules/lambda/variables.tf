variable "create" {
  type    = bool
  default = true
}
variable "create_function" {
  type    = bool
  default = true
}
variable "create_role" {
  type    = bool
  default = true
}
variable "function_name" {
  type    = string
  default = ""
}
variable "handler" {
  type    = string
  default = ""
}
variable "runtime" {
  type    = string
  default = ""
}
variable "source_path" {
  type    = any
  default = null
}
variable "lambda_role" {
  type    = string
  default = ""
}
variable "role_name" {
  type    = string
  default = null
}
variable "architectures" {
  type    = list(string)
  default = null
}
variable "memory_size" {
  type    = number
  default = 128
}
variable "environment_variables" {
  type    = map(string)
  default = {}
}
variable "vpc_subnet_ids" {
  type    = list(string)
  default = null
}
variable "vpc_security_group_ids" {
  type    = list(string)
  default = null
}
variable "dead_letter_target_arn" {
  type    = string
  default = null
}
variable "tracing_mode" {
  type    = string
  default = null
}
variable "attach_policy_json" {
  type    = bool
  default = false
}
variable "policy_json" {
  type    = string
  default = null
}
variable "attach_policy_statements" {
  type    = bool
  default = false
}
variable "policy_statements" {
  type    = any
  default = {}
}
variable "allowed_triggers" {
  type    = map(any)
  default = {}
}
variable "trusted_entities" {
  type    = any
  default = []
}
variable "tags" {
  type    = map(string)
  default = {}
}
