"""The shop's pages."""


def render(event, context):
    return {"statusCode": 200, "headers": {"content-type": "text/html"}, "body": "<h1>Shop</h1>"}


def account(event, context):
    caller = event["requestContext"].get("authorizer", {}).get("iam", {}).get("userArn", "nobody")
    return {"statusCode": 200, "body": caller}
