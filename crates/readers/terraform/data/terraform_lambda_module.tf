# What terraform-aws-modules/lambda/aws makes of its documented inputs.

variable "create" { default = true }
variable "create_function" { default = true }
variable "create_layer" { default = false }
variable "create_role" { default = true }
variable "function_name" { default = null }
variable "description" { default = null }
variable "handler" { default = null }
variable "runtime" { default = null }
variable "timeout" { default = null }
variable "memory_size" { default = null }
variable "ephemeral_storage_size" { default = null }
variable "environment_variables" { default = {} }
variable "lambda_role" { default = null }
variable "role_name" { default = null }
variable "role_permissions_boundary" { default = null }
variable "architectures" { default = null }
variable "package_type" { default = "Zip" }
variable "image_uri" { default = null }
variable "source_path" { default = null }
variable "local_existing_package" { default = null }
variable "s3_existing_package" { default = null }
variable "layers" { default = null }
variable "layer_name" { default = null }
variable "compatible_runtimes" { default = [] }
variable "kms_key_arn" { default = null }
variable "code_signing_config_arn" { default = null }
variable "publish" { default = false }
variable "reserved_concurrent_executions" { default = -1 }
variable "provisioned_concurrent_executions" { default = -1 }
variable "tracing_mode" { default = null }
variable "attach_tracing_policy" { default = false }
variable "dead_letter_target_arn" { default = null }
variable "attach_dead_letter_policy" { default = false }
variable "vpc_subnet_ids" { default = null }
variable "vpc_security_group_ids" { default = null }
variable "attach_network_policy" { default = false }
variable "attach_cloudwatch_logs_policy" { default = true }
variable "use_existing_cloudwatch_log_group" { default = false }
variable "cloudwatch_logs_retention_in_days" { default = null }
variable "cloudwatch_logs_kms_key_id" { default = null }
variable "attach_policy" { default = false }
variable "policy" { default = null }
variable "attach_policies" { default = false }
variable "policies" { default = [] }
variable "attach_policy_json" { default = false }
variable "policy_json" { default = null }
variable "attach_policy_jsons" { default = false }
variable "policy_jsons" { default = [] }
variable "attach_policy_statements" { default = false }
variable "policy_statements" { default = {} }
variable "trusted_entities" { default = [] }
variable "assume_role_policy_statements" { default = {} }
variable "lambda_at_edge" { default = false }
variable "logging_log_group" { default = null }
variable "attach_async_event_policy" { default = false }
variable "create_async_event_config" { default = false }
variable "destination_on_failure" { default = null }
variable "destination_on_success" { default = null }
variable "maximum_event_age_in_seconds" { default = null }
variable "maximum_retry_attempts" { default = null }
variable "allowed_triggers" { default = {} }
variable "event_source_mapping" { default = {} }
variable "create_lambda_function_url" { default = false }
variable "authorization_type" { default = "NONE" }
variable "cors" { default = {} }
variable "file_system_arn" { default = null }
variable "file_system_local_mount_path" { default = null }

# Inputs that change nothing that is looked at.
variable "artifacts_dir" { default = null }
variable "attach_create_log_group_permission" { default = null }
variable "build_in_docker" { default = null }
variable "cloudwatch_logs_deletion_protection_enabled" { default = null }
variable "cloudwatch_logs_log_group_class" { default = null }
variable "cloudwatch_logs_skip_destroy" { default = null }
variable "cloudwatch_logs_tags" { default = null }
variable "compatible_architectures" { default = null }
variable "create_current_version_allowed_triggers" { default = null }
variable "create_current_version_async_event_config" { default = null }
variable "create_package" { default = null }
variable "create_sam_metadata" { default = null }
variable "create_unqualified_alias_allowed_triggers" { default = null }
variable "create_unqualified_alias_async_event_config" { default = null }
variable "create_unqualified_alias_lambda_function_url" { default = null }
variable "docker_additional_options" { default = null }
variable "docker_build_root" { default = null }
variable "docker_entrypoint" { default = null }
variable "docker_file" { default = null }
variable "docker_image" { default = null }
variable "docker_pip_cache" { default = null }
variable "docker_with_ssh_agent" { default = null }
variable "durable_config_execution_timeout" { default = null }
variable "durable_config_retention_period" { default = null }
variable "function_tags" { default = null }
variable "hash_extra" { default = null }
variable "ignore_source_code_hash" { default = null }
variable "image_config_command" { default = null }
variable "image_config_entry_point" { default = null }
variable "image_config_working_directory" { default = null }
variable "include_default_tag" { default = null }
variable "invoke_mode" { default = null }
variable "ipv6_allowed_for_dual_stack" { default = null }
variable "lambda_at_edge_logs_all_regions" { default = null }
variable "layer_skip_destroy" { default = null }
variable "license_info" { default = null }
variable "logging_application_log_level" { default = null }
variable "logging_log_format" { default = null }
variable "logging_system_log_level" { default = null }
variable "managed_instances_capacity_provider_arn" { default = null }
variable "number_of_policies" { default = null }
variable "number_of_policy_jsons" { default = null }
variable "policy_name" { default = null }
variable "quiet_archive_local_exec" { default = null }
variable "recreate_missing_package" { default = null }
variable "recursive_loop" { default = null }
variable "region" { default = null }
variable "replace_security_groups_on_destroy" { default = null }
variable "replacement_security_group_ids" { default = null }
variable "role_description" { default = null }
variable "role_force_detach_policies" { default = null }
variable "role_maximum_session_duration" { default = null }
variable "role_path" { default = null }
variable "role_tags" { default = null }
variable "s3_acl" { default = null }
variable "s3_bucket" { default = null }
variable "s3_kms_key_id" { default = null }
variable "s3_object_override_default_tags" { default = null }
variable "s3_object_storage_class" { default = null }
variable "s3_object_tags" { default = null }
variable "s3_object_tags_only" { default = null }
variable "s3_prefix" { default = null }
variable "s3_server_side_encryption" { default = null }
variable "skip_destroy" { default = null }
variable "snap_start" { default = null }
variable "store_on_s3" { default = null }
variable "tags" { default = null }
variable "tenant_isolation_mode" { default = null }
variable "timeouts" { default = null }
variable "trigger_on_package_timestamp" { default = null }

locals {
  with_role = var.create && var.create_function && !var.create_layer && var.create_role
}

resource "aws_lambda_function" "this" {
  count = var.create && var.create_function && !var.create_layer ? 1 : 0

  function_name                  = var.function_name
  description                    = var.description
  role                           = var.create_role ? aws_iam_role.lambda[0].arn : var.lambda_role
  handler                        = var.package_type != "Zip" ? null : var.handler
  runtime                        = var.package_type != "Zip" ? null : var.runtime
  timeout                        = var.timeout
  memory_size                    = var.memory_size
  package_type                   = var.package_type
  image_uri                      = var.image_uri
  architectures                  = var.architectures
  layers                         = var.layers
  kms_key_arn                    = var.kms_key_arn
  code_signing_config_arn        = var.code_signing_config_arn
  publish                        = var.publish
  reserved_concurrent_executions = var.reserved_concurrent_executions
  filename                       = try(var.source_path[0].path, var.source_path[0], var.source_path.path, var.source_path, var.local_existing_package)
  s3_bucket                      = try(var.s3_existing_package.bucket, null)
  s3_key                         = try(var.s3_existing_package.key, null)

  dynamic "ephemeral_storage" {
    for_each = var.ephemeral_storage_size == null ? [] : [true]
    content {
      size = var.ephemeral_storage_size
    }
  }
  dynamic "environment" {
    for_each = length(keys(var.environment_variables)) == 0 ? [] : [true]
    content {
      variables = var.environment_variables
    }
  }
  dynamic "dead_letter_config" {
    for_each = var.dead_letter_target_arn == null ? [] : [true]
    content {
      target_arn = var.dead_letter_target_arn
    }
  }
  dynamic "tracing_config" {
    for_each = var.tracing_mode == null ? [] : [true]
    content {
      mode = var.tracing_mode
    }
  }
  dynamic "vpc_config" {
    for_each = var.vpc_subnet_ids != null && var.vpc_security_group_ids != null ? [true] : []
    content {
      subnet_ids         = var.vpc_subnet_ids
      security_group_ids = var.vpc_security_group_ids
    }
  }
  dynamic "logging_config" {
    for_each = var.logging_log_group == null ? [] : [true]
    content {
      log_group = var.logging_log_group
    }
  }
  dynamic "file_system_config" {
    for_each = var.file_system_arn == null ? [] : [true]
    content {
      arn              = var.file_system_arn
      local_mount_path = var.file_system_local_mount_path
    }
  }
}

resource "aws_lambda_layer_version" "this" {
  count = var.create && var.create_layer ? 1 : 0

  layer_name          = var.layer_name
  compatible_runtimes = var.compatible_runtimes
  filename            = try(var.source_path[0].path, var.source_path[0], var.source_path.path, var.source_path, var.local_existing_package)
}

resource "aws_cloudwatch_log_group" "lambda" {
  count = var.create && var.create_function && !var.create_layer && !var.use_existing_cloudwatch_log_group ? 1 : 0

  name              = "/aws/lambda/${var.function_name}"
  retention_in_days = var.cloudwatch_logs_retention_in_days
  kms_key_id        = var.cloudwatch_logs_kms_key_id
}

data "aws_iam_policy_document" "assume_role" {
  statement {
    effect  = "Allow"
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = distinct(concat(
        var.lambda_at_edge ? ["lambda.amazonaws.com", "edgelambda.amazonaws.com"] : ["lambda.amazonaws.com"],
        [for entity in var.trusted_entities : entity if can(lower(entity))]
      ))
    }
    dynamic "principals" {
      for_each = [for entity in var.trusted_entities : entity if !can(lower(entity))]
      content {
        type        = principals.value.type
        identifiers = principals.value.identifiers
      }
    }
  }
  dynamic "statement" {
    for_each = var.assume_role_policy_statements
    content {
      sid         = try(statement.value.sid, null)
      effect      = try(statement.value.effect, "Allow")
      actions     = try(statement.value.actions, null)
      not_actions = try(statement.value.not_actions, null)
      dynamic "principals" {
        for_each = try(statement.value.principals, [])
        content {
          type        = principals.value.type
          identifiers = principals.value.identifiers
        }
      }
      dynamic "not_principals" {
        for_each = try(statement.value.not_principals, [])
        content {
          type        = not_principals.value.type
          identifiers = not_principals.value.identifiers
        }
      }
      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role" "lambda" {
  count = local.with_role ? 1 : 0

  name                 = var.role_name == null ? var.function_name : var.role_name
  assume_role_policy   = data.aws_iam_policy_document.assume_role.json
  permissions_boundary = var.role_permissions_boundary
}

data "aws_iam_policy_document" "logs" {
  statement {
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.lambda[0].arn}:*", "${aws_cloudwatch_log_group.lambda[0].arn}:*:*"]
  }
}

resource "aws_iam_role_policy" "logs" {
  count  = local.with_role && var.attach_cloudwatch_logs_policy && !var.use_existing_cloudwatch_log_group ? 1 : 0
  name   = "logs"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.logs.json
}

data "aws_iam_policy_document" "dead_letter" {
  statement {
    actions   = ["sns:Publish", "sqs:SendMessage"]
    resources = [var.dead_letter_target_arn]
  }
}

resource "aws_iam_role_policy" "dead_letter" {
  count  = local.with_role && var.attach_dead_letter_policy ? 1 : 0
  name   = "dl"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.dead_letter.json
}

data "aws_iam_policy_document" "async" {
  statement {
    actions   = ["sns:Publish", "sqs:SendMessage", "events:PutEvents", "lambda:InvokeFunction"]
    resources = compact(distinct([var.destination_on_failure, var.destination_on_success]))
  }
}

resource "aws_iam_role_policy" "async" {
  count  = local.with_role && var.attach_async_event_policy ? 1 : 0
  name   = "async"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.async.json
}

resource "aws_iam_role_policy_attachment" "vpc" {
  count      = local.with_role && var.attach_network_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"
}

resource "aws_iam_role_policy_attachment" "tracing" {
  count      = local.with_role && var.attach_tracing_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = "arn:aws:iam::aws:policy/AWSXRayDaemonWriteAccess"
}

resource "aws_iam_role_policy" "json" {
  count  = local.with_role && var.attach_policy_json ? 1 : 0
  name   = "json"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_json
}

resource "aws_iam_role_policy" "jsons" {
  count  = local.with_role && var.attach_policy_jsons ? length(var.policy_jsons) : 0
  name   = "jsons-${count.index}"
  role   = aws_iam_role.lambda[0].name
  policy = var.policy_jsons[count.index]
}

resource "aws_iam_role_policy_attachment" "one" {
  count      = local.with_role && var.attach_policy ? 1 : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policy
}

resource "aws_iam_role_policy_attachment" "many" {
  count      = local.with_role && var.attach_policies ? length(var.policies) : 0
  role       = aws_iam_role.lambda[0].name
  policy_arn = var.policies[count.index]
}

data "aws_iam_policy_document" "statements" {
  dynamic "statement" {
    for_each = var.policy_statements
    content {
      sid           = try(statement.value.sid, null)
      effect        = try(statement.value.effect, "Allow")
      actions       = try(statement.value.actions, null)
      not_actions   = try(statement.value.not_actions, null)
      resources     = try(statement.value.resources, null)
      not_resources = try(statement.value.not_resources, null)
      dynamic "condition" {
        for_each = try(statement.value.condition, [])
        content {
          test     = condition.value.test
          variable = condition.value.variable
          values   = condition.value.values
        }
      }
    }
  }
}

resource "aws_iam_role_policy" "statements" {
  count  = local.with_role && var.attach_policy_statements ? 1 : 0
  name   = "statements"
  role   = aws_iam_role.lambda[0].name
  policy = data.aws_iam_policy_document.statements.json
}

resource "aws_lambda_function_event_invoke_config" "this" {
  count                        = var.create && var.create_function && var.create_async_event_config ? 1 : 0
  function_name                = aws_lambda_function.this[0].function_name
  maximum_event_age_in_seconds = var.maximum_event_age_in_seconds
  maximum_retry_attempts       = var.maximum_retry_attempts
  dynamic "destination_config" {
    for_each = var.destination_on_failure == null && var.destination_on_success == null ? [] : [true]
    content {
      dynamic "on_failure" {
        for_each = var.destination_on_failure == null ? [] : [true]
        content {
          destination = var.destination_on_failure
        }
      }
      dynamic "on_success" {
        for_each = var.destination_on_success == null ? [] : [true]
        content {
          destination = var.destination_on_success
        }
      }
    }
  }
}

resource "aws_lambda_permission" "triggers" {
  for_each       = { for key, value in var.allowed_triggers : key => value if var.create && var.create_function }
  function_name  = aws_lambda_function.this[0].function_name
  statement_id   = try(each.value.statement_id, each.key)
  action         = try(each.value.action, "lambda:InvokeFunction")
  principal      = try(each.value.principal, format("%s.amazonaws.com", try(each.value.service, "")))
  source_arn     = try(each.value.source_arn, null)
  source_account = try(each.value.source_account, null)
}

resource "aws_lambda_event_source_mapping" "this" {
  for_each                           = { for key, value in var.event_source_mapping : key => value if var.create && var.create_function }
  function_name                      = aws_lambda_function.this[0].arn
  event_source_arn                   = try(each.value.event_source_arn, null)
  batch_size                         = try(each.value.batch_size, null)
  maximum_batching_window_in_seconds = try(each.value.maximum_batching_window_in_seconds, null)
  enabled                            = try(each.value.enabled, null)
  starting_position                  = try(each.value.starting_position, null)
  parallelization_factor             = try(each.value.parallelization_factor, null)
  maximum_retry_attempts             = try(each.value.maximum_retry_attempts, null)
  maximum_record_age_in_seconds      = try(each.value.maximum_record_age_in_seconds, null)
  bisect_batch_on_function_error     = try(each.value.bisect_batch_on_function_error, null)
  function_response_types            = try(each.value.function_response_types, null)
  topics                             = try(each.value.topics, null)
  queues                             = try(each.value.queues, null)
  dynamic "self_managed_event_source" {
    for_each = try(each.value.self_managed_event_source, [])
    content {
      endpoints = self_managed_event_source.value.endpoints
    }
  }
  dynamic "document_db_event_source_config" {
    for_each = try(each.value.document_db_event_source_config, [])
    content {
      database_name = document_db_event_source_config.value.database_name
    }
  }
  dynamic "source_access_configuration" {
    for_each = try(each.value.source_access_configuration, [])
    content {
      type = source_access_configuration.value["type"]
      uri  = source_access_configuration.value["uri"]
    }
  }
  dynamic "amazon_managed_kafka_event_source_config" {
    for_each = try(each.value.amazon_managed_kafka_event_source_config, [])
    content {
      consumer_group_id = amazon_managed_kafka_event_source_config.value["consumer_group_id"]
    }
  }
  dynamic "scaling_config" {
    for_each = try([each.value.scaling_config], [])
    content {
      maximum_concurrency = try(scaling_config.value.maximum_concurrency, null)
    }
  }
  dynamic "filter_criteria" {
    for_each = try(each.value.filter_criteria, null) == null ? [] : [true]
    content {
      dynamic "filter" {
        for_each = try(flatten([each.value.filter_criteria]), [])
        content {
          pattern = try(filter.value.pattern, null)
        }
      }
    }
  }
  dynamic "destination_config" {
    for_each = try(each.value.destination_arn_on_failure, null) == null ? [] : [true]
    content {
      on_failure {
        destination_arn = each.value.destination_arn_on_failure
      }
    }
  }
}

resource "aws_lambda_function_url" "this" {
  count              = var.create && var.create_function && var.create_lambda_function_url ? 1 : 0
  function_name      = aws_lambda_function.this[0].function_name
  authorization_type = var.authorization_type
  dynamic "cors" {
    for_each = length(keys(var.cors)) == 0 ? [] : [var.cors]
    content {
      allow_origins     = try(cors.value.allow_origins, null)
      allow_methods     = try(cors.value.allow_methods, null)
      allow_headers     = try(cors.value.allow_headers, null)
      allow_credentials = try(cors.value.allow_credentials, null)
    }
  }
}

output "lambda_function_arn" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_arn_static" { value = try(aws_lambda_function.this[0].arn, "") }
output "lambda_function_name" { value = try(aws_lambda_function.this[0].function_name, "") }
output "lambda_function_invoke_arn" { value = try(aws_lambda_function.this[0].invoke_arn, "") }
output "lambda_function_qualified_arn" { value = try(aws_lambda_function.this[0].qualified_arn, "") }
output "lambda_function_version" { value = try(aws_lambda_function.this[0].version, "") }
output "lambda_function_url" { value = try(aws_lambda_function_url.this[0].function_url, "") }
output "lambda_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_layer_layer_arn" { value = try(aws_lambda_layer_version.this[0].arn, "") }
output "lambda_role_arn" { value = try(aws_iam_role.lambda[0].arn, "") }
output "lambda_role_name" { value = try(aws_iam_role.lambda[0].name, "") }
output "lambda_cloudwatch_log_group_arn" { value = try(aws_cloudwatch_log_group.lambda[0].arn, "") }
output "lambda_cloudwatch_log_group_name" { value = try(aws_cloudwatch_log_group.lambda[0].name, "") }
