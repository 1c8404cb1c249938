"""The notify function of the shop."""


def send(event, context):
    return {"done": event.get("id")}
