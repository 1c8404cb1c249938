region        = "eu-west-1"
log_retention = 365
alarms        = ["errors", "throttles"]
