region        = "eu-central-1"
log_retention = 7
