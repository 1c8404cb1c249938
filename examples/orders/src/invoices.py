"""The invoices function of the shop."""


def print(event, context):
    return {"done": event.get("id")}
