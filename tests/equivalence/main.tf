# One shop, told in every format that is read.
resource "aws_lambda_function" "orders" {
  function_name                  = "orders"
  runtime                        = "python3.13"
  handler                        = "app.handler"
  architectures                  = ["arm64"]
  s3_bucket                      = "artifacts"
  s3_key                         = "orders.zip"
  role                           = aws_iam_role.shop.arn
  description                    = "takes orders"
  timeout                        = 30
  memory_size                    = 512
  kms_key_arn                    = "arn:aws:kms:eu-west-1:111122223333:key/k"
  layers                         = ["arn:aws:lambda:eu-west-1:444455556666:layer:base:3", aws_lambda_layer_version.own.arn]
  reserved_concurrent_executions = 5
  tags                           = { team = "orders" }
  ephemeral_storage { size = 1024 }
  environment { variables = { STAGE = "prod" } }
  dead_letter_config { target_arn = "arn:aws:sqs:eu-west-1:111122223333:dead" }
  tracing_config { mode = "Active" }
  vpc_config {
    subnet_ids         = [aws_subnet.subnet.id]
    security_group_ids = [aws_security_group.closed.id]
  }
  file_system_config {
    arn              = aws_efs_access_point.data.arn
    local_mount_path = "/mnt/data"
  }
  logging_config {
    log_group             = "/shop/orders"
    log_format            = "JSON"
    application_log_level = "INFO"
    system_log_level      = "WARN"
  }
}

resource "aws_lambda_function" "mail" {
  function_name = "mail"
  runtime       = "nodejs22.x"
  handler       = "mail.handler"
  architectures = ["x86_64"]
  description   = "sends mail"
  s3_bucket     = "artifacts"
  s3_key        = "mail.zip"
  role          = aws_iam_role.shop.arn
  timeout       = 3
}

resource "aws_lambda_function" "auth" {
  function_name = "auth"
  package_type  = "Image"
  architectures = ["x86_64"]
  description   = "asks who it is"
  image_uri     = "111122223333.dkr.ecr.eu-west-1.amazonaws.com/shop:1"
  role          = aws_iam_role.shop.arn
  image_config { command = ["auth.handler"] }
}

resource "aws_lambda_function_url" "url" {
  function_name      = aws_lambda_function.orders.function_name
  authorization_type = "NONE"
  invoke_mode        = "RESPONSE_STREAM"
  cors {
    allow_credentials = true
    allow_origins     = ["https://example.com"]
    allow_methods     = ["GET"]
    allow_headers     = ["x-a"]
    expose_headers    = ["x-b"]
    max_age           = 60
  }
}

resource "aws_lambda_permission" "public" {
  function_name          = aws_lambda_function.orders.arn
  principal              = "*"
  action                 = "lambda:InvokeFunctionUrl"
  function_url_auth_type = "NONE"
}

resource "aws_lambda_permission" "bucket" {
  function_name  = aws_lambda_function.mail.arn
  principal      = "s3.amazonaws.com"
  action         = "lambda:InvokeFunction"
  source_arn     = "arn:aws:s3:::inbox"
  source_account = "111122223333"
}

resource "aws_lambda_permission" "partner" {
  function_name = aws_lambda_function.auth.arn
  principal     = "444455556666"
  action        = "lambda:InvokeFunction"
}

resource "aws_lambda_permission" "news" {
  function_name = aws_lambda_function.mail.arn
  principal     = "sns.amazonaws.com"
  action        = "lambda:InvokeFunction"
  source_arn    = aws_sns_topic.news.arn
}

resource "aws_lambda_permission" "rule" {
  function_name = aws_lambda_function.mail.arn
  principal     = "events.amazonaws.com"
  action        = "lambda:InvokeFunction"
  source_arn    = aws_cloudwatch_event_rule.nightly.arn
}

resource "aws_lambda_alias" "live" {
  function_name    = aws_lambda_function.orders.function_name
  name             = "live"
  function_version = "1"
  routing_config { additional_version_weights = { "2" = 0.1 } }
}

resource "aws_lambda_function_event_invoke_config" "mail" {
  function_name                = aws_lambda_function.mail.function_name
  maximum_event_age_in_seconds = 60
  maximum_retry_attempts       = 1
  destination_config {
    on_failure { destination = "arn:aws:sqs:eu-west-1:111122223333:dead" }
    on_success { destination = aws_sqs_queue.inbox.arn }
  }
}

resource "aws_lambda_event_source_mapping" "mapping" {
  function_name                      = aws_lambda_function.mail.arn
  event_source_arn                   = aws_sqs_queue.inbox.arn
  batch_size                         = 10
  maximum_batching_window_in_seconds = 5
  enabled                            = true
  filter_criteria {
    filter { pattern = "{\"a\":[1]}" }
  }
}

resource "aws_lambda_code_signing_config" "signing" {
  allowed_publishers { signing_profile_version_arns = ["arn:aws:signer:eu-west-1:111122223333:/signing-profiles/p/1"] }
  policies { untrusted_artifact_on_deployment = "Enforce" }
}

resource "aws_iam_role" "shop" {
  name = "shop"
  path = "/app/"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "lambda.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
  managed_policy_arns = ["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]
  inline_policy {
    name = "read"
    policy = jsonencode({
      Version   = "2012-10-17"
      Statement = [{ Effect = "Allow", Action = ["dynamodb:*", "s3:GetObject"], Resource = "*" }]
    })
  }
}

resource "aws_iam_policy" "pass" {
  name   = "pass"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "iam:PassRole", Resource = "*" }] })
}

resource "aws_vpc" "vpc" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "subnet" {
  vpc_id                  = aws_vpc.vpc.id
  cidr_block              = "10.0.1.0/24"
  availability_zone       = "eu-west-1a"
  map_public_ip_on_launch = false
}

resource "aws_security_group" "closed" {
  name   = "closed"
  vpc_id = aws_vpc.vpc.id
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_flow_log" "flow" {
  vpc_id       = aws_vpc.vpc.id
  traffic_type = "ALL"
}

resource "aws_cloudwatch_log_group" "orders" {
  name              = "/shop/orders"
  retention_in_days = 7
  kms_key_id        = "arn:aws:kms:eu-west-1:111122223333:key/k"
}

resource "aws_sqs_queue" "inbox" {
  name                       = "inbox"
  visibility_timeout_seconds = 60
  sqs_managed_sse_enabled    = true
  redrive_policy             = jsonencode({ deadLetterTargetArn = "arn:aws:sqs:eu-west-1:111122223333:dead", maxReceiveCount = 3 })
}

resource "aws_sqs_queue" "dead" {
  name                    = "dead"
  sqs_managed_sse_enabled = true
}

resource "aws_sns_topic" "news" {
  name              = "news"
  kms_master_key_id = "alias/aws/sns"
}

resource "aws_sns_topic_subscription" "subscription" {
  topic_arn = aws_sns_topic.news.arn
  protocol  = "lambda"
  endpoint  = aws_lambda_function.mail.arn
}

resource "aws_s3_bucket" "inbox" {
  bucket = "inbox"
}

resource "aws_s3_bucket_public_access_block" "inbox" {
  bucket                  = aws_s3_bucket.inbox.id
  block_public_acls       = true
  ignore_public_acls      = true
  block_public_policy     = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  rule { object_ownership = "BucketOwnerEnforced" }
}

resource "aws_s3_bucket_versioning" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  versioning_configuration { status = "Enabled" }
}

resource "aws_s3_bucket_notification" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  lambda_function {
    lambda_function_arn = aws_lambda_function.mail.arn
    events              = ["s3:ObjectCreated:*"]
    filter_prefix       = "in/"
  }
}

resource "aws_dynamodb_table" "orders" {
  name             = "orders"
  billing_mode     = "PAY_PER_REQUEST"
  hash_key         = "id"
  stream_enabled   = true
  stream_view_type = "KEYS_ONLY"
  server_side_encryption {
    enabled     = true
    kms_key_arn = "arn:aws:kms:eu-west-1:111122223333:key/k"
  }
  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_secretsmanager_secret" "database" {
  name       = "database"
  kms_key_id = "arn:aws:kms:eu-west-1:111122223333:key/k"
}

resource "aws_cloudwatch_event_rule" "nightly" {
  name                = "nightly"
  event_bus_name      = "default"
  schedule_expression = "rate(1 day)"
  state               = "ENABLED"
}

resource "aws_cloudwatch_event_target" "nightly" {
  rule      = aws_cloudwatch_event_rule.nightly.name
  target_id = "one"
  dead_letter_config { arn = aws_sqs_queue.dead.arn }
  event_bus_name = "default"
  arn       = aws_lambda_function.mail.arn
}

resource "aws_scheduler_schedule" "hourly" {
  name                = "hourly"
  schedule_expression = "rate(1 hour)"
  state               = "ENABLED"
  flexible_time_window { mode = "OFF" }
  target {
    arn      = aws_lambda_function.mail.arn
    role_arn = "arn:aws:iam::111122223333:role/scheduler"
    dead_letter_config { arn = aws_sqs_queue.dead.arn }
  }
}

resource "aws_ecr_repository" "shop" {
  name                 = "shop"
  image_tag_mutability = "IMMUTABLE"
  image_scanning_configuration { scan_on_push = true }
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = "arn:aws:kms:eu-west-1:111122223333:key/k"
  }
}

resource "aws_cloudtrail" "all" {
  name                  = "all"
  s3_bucket_name        = "trail"
  enable_logging        = true
  is_multi_region_trail = true
  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::Lambda::Function"
      values = ["arn:aws:lambda"]
    }
  }
}

resource "aws_guardduty_detector" "detector" {
  enable = true
}

resource "aws_apigatewayv2_api" "shop" {
  name                         = "shop"
  protocol_type                = "HTTP"
  disable_execute_api_endpoint = false
}

resource "aws_apigatewayv2_integration" "orders" {
  api_id                 = aws_apigatewayv2_api.shop.id
  integration_type       = "AWS_PROXY"
  integration_uri        = aws_lambda_function.orders.arn
  payload_format_version = "2.0"
}

resource "aws_apigatewayv2_route" "orders" {
  api_id             = aws_apigatewayv2_api.shop.id
  route_key          = "GET /orders"
  authorization_type = "NONE"
  target             = "integrations/${aws_apigatewayv2_integration.orders.id}"
}

resource "aws_apigatewayv2_stage" "default" {
  api_id      = aws_apigatewayv2_api.shop.id
  name        = "$default"
  auto_deploy = true
  access_log_settings {
    destination_arn = "arn:aws:logs:eu-west-1:111122223333:log-group:/shop/api"
    format          = "$context.requestId"
  }
}

resource "aws_lambda_permission" "http" {
  function_name = aws_lambda_function.orders.arn
  principal     = "apigateway.amazonaws.com"
  action        = "lambda:InvokeFunction"
  source_arn    = "arn:aws:execute-api:eu-west-1:111122223333:${aws_apigatewayv2_api.shop.id}/*"
}

resource "aws_kms_key" "key" {
  enable_key_rotation = true
  policy              = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "kms:*", Resource = "*" }] })
}

resource "aws_efs_file_system" "files" {
  encrypted = true
}

resource "aws_efs_access_point" "data" {
  file_system_id = aws_efs_file_system.files.id
  posix_user {
    uid = 1000
    gid = 1000
  }
  root_directory { path = "/data" }
}

resource "aws_secretsmanager_secret_policy" "database" {
  secret_arn = aws_secretsmanager_secret.database.arn
  policy     = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}

resource "aws_sqs_queue_policy" "inbox" {
  queue_url = aws_sqs_queue.inbox.id
  policy    = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] })
}

resource "aws_s3_bucket_policy" "inbox" {
  bucket = aws_s3_bucket.inbox.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "arn:aws:s3:::inbox/*", Condition = { Bool = { "aws:SecureTransport" = "false" } } }] })
}

resource "aws_sfn_state_machine" "checkout" {
  name       = "checkout"
  role_arn   = "arn:aws:iam::111122223333:role/machine"
  definition = "{\"StartAt\":\"A\",\"States\":{\"A\":{\"Type\":\"Task\",\"Resource\":\"arn:aws:lambda:eu-west-1:111122223333:function:mail\",\"End\":true}}}"
  logging_configuration { level = "OFF" }
  tracing_configuration { enabled = true }
}

resource "aws_lb_target_group" "auth" {
  name        = "auth"
  target_type = "lambda"
}

resource "aws_lb_target_group_attachment" "auth" {
  target_group_arn = aws_lb_target_group.auth.arn
  target_id        = aws_lambda_function.auth.arn
}

resource "aws_api_gateway_rest_api" "shop" {
  name                         = "shop"
  disable_execute_api_endpoint = false
  endpoint_configuration { types = ["REGIONAL"] }
}

resource "aws_api_gateway_resource" "mail" {
  rest_api_id = aws_api_gateway_rest_api.shop.id
  parent_id   = aws_api_gateway_rest_api.shop.root_resource_id
  path_part   = "mail"
}

resource "aws_api_gateway_authorizer" "asks" {
  rest_api_id                      = aws_api_gateway_rest_api.shop.id
  name                             = "asks"
  type                             = "TOKEN"
  authorizer_uri                   = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:auth/invocations"
  identity_source                  = "method.request.header.Authorization"
  authorizer_result_ttl_in_seconds = 60
}

resource "aws_api_gateway_method" "mail" {
  rest_api_id      = aws_api_gateway_rest_api.shop.id
  resource_id      = aws_api_gateway_resource.mail.id
  http_method      = "GET"
  authorization    = "CUSTOM"
  authorizer_id    = aws_api_gateway_authorizer.asks.id
  api_key_required = true
}

resource "aws_api_gateway_integration" "mail" {
  rest_api_id             = aws_api_gateway_rest_api.shop.id
  resource_id             = aws_api_gateway_resource.mail.id
  http_method             = "GET"
  type                    = "AWS_PROXY"
  integration_http_method = "POST"
  uri                     = "arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:mail/invocations"
}

resource "aws_api_gateway_stage" "prod" {
  rest_api_id           = aws_api_gateway_rest_api.shop.id
  stage_name            = "prod"
  deployment_id         = "d1"
  xray_tracing_enabled  = true
  cache_cluster_enabled = false
  variables             = { tier = "one" }
}

resource "aws_lambda_layer_version" "own" {
  layer_name          = "own"
  s3_bucket           = "artifacts"
  s3_key              = "own.zip"
  compatible_runtimes = ["python3.13"]
}

resource "aws_kms_alias" "shop" {
  name          = "alias/shop"
  target_key_id = aws_kms_key.key.key_id
}

resource "aws_ssm_parameter" "stage" {
  name  = "/shop/stage"
  type  = "String"
  value = "prod"
}

resource "aws_kinesis_stream" "clicks" {
  name            = "clicks"
  shard_count     = 1
  encryption_type = "KMS"
  kms_key_id      = "alias/aws/kinesis"
}

resource "aws_iam_user" "deploy" {
  name = "deploy"
}

resource "aws_iam_user_policy" "code" {
  name   = "code"
  user   = aws_iam_user.deploy.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "lambda:UpdateFunctionCode", Resource = "*" }] })
}

resource "aws_iam_user_group_membership" "deploy" {
  user   = aws_iam_user.deploy.name
  groups = ["admins"]
}

resource "aws_iam_group" "admins" {
  name = "admins"
}

resource "aws_iam_group_policy_attachment" "admins" {
  group      = aws_iam_group.admins.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}

resource "aws_route_table" "private" {
  vpc_id = aws_vpc.vpc.id
}

resource "aws_route" "default" {
  route_table_id         = aws_route_table.private.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = "nat-1"
}

resource "aws_route_table_association" "private" {
  route_table_id = aws_route_table.private.id
  subnet_id      = aws_subnet.subnet.id
}

resource "aws_vpc_endpoint" "dynamodb" {
  vpc_id            = aws_vpc.vpc.id
  service_name      = "com.amazonaws.eu-west-1.dynamodb"
  vpc_endpoint_type = "Gateway"
  route_table_ids   = [aws_route_table.private.id]
  policy            = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = "*", Action = "*", Resource = "*" }] })
}

resource "aws_sns_topic_policy" "news" {
  arn    = aws_sns_topic.news.arn
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::444455556666:root" }, Action = "sns:Publish", Resource = "arn:aws:sns:eu-west-1:111122223333:news" }] })
}

resource "aws_cloudwatch_event_bus" "shop" {
  name = "shop"
}

resource "aws_cloudwatch_log_subscription_filter" "shipped" {
  name            = "shipped"
  log_group_name  = aws_cloudwatch_log_group.orders.name
  filter_pattern  = "ERROR"
  destination_arn = aws_lambda_function.mail.arn
}

resource "aws_apigatewayv2_authorizer" "web" {
  api_id           = aws_apigatewayv2_api.shop.id
  name             = "web"
  authorizer_type  = "JWT"
  identity_sources = ["$request.header.Authorization"]
  jwt_configuration {
    issuer   = "https://id.example.com"
    audience = ["web"]
  }
}

resource "aws_apigatewayv2_route" "signed" {
  api_id               = aws_apigatewayv2_api.shop.id
  route_key            = "POST /orders"
  authorization_type   = "JWT"
  authorizer_id        = aws_apigatewayv2_authorizer.web.id
  authorization_scopes = ["write"]
  target               = "integrations/${aws_apigatewayv2_integration.orders.id}"
}

resource "aws_api_gateway_usage_plan" "partners" {
  name = "partners"
  api_stages {
    api_id = aws_api_gateway_rest_api.shop.id
    stage  = "prod"
  }
  throttle_settings {
    rate_limit  = 10
    burst_limit = 5
  }
}

resource "aws_lambda_permission" "organization" {
  function_name    = aws_lambda_function.auth.arn
  principal        = "*"
  action           = "lambda:InvokeFunction"
  principal_org_id = "o-example1234"
}

resource "aws_lb" "web" {
  name            = "web"
  internal        = true
  security_groups = [aws_security_group.closed.id]
}

resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.auth.arn
  }
}

resource "aws_lambda_layer_version_permission" "shared" {
  layer_name      = aws_lambda_layer_version.own.layer_arn
  version_number  = 1
  statement_id    = "shared"
  principal       = "*"
  action          = "lambda:GetLayerVersion"
  organization_id = "o-example1234"
}

resource "aws_cloudtrail_event_data_store" "lake" {
  name                 = "lake"
  multi_region_enabled = true
  organization_enabled = false
  advanced_event_selector {
    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }
    field_selector {
      field  = "resources.type"
      equals = ["AWS::Lambda::Function"]
    }
  }
}
