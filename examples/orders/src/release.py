"""The release function of the shop."""


def run(event, context):
    return {"done": event.get("id")}
