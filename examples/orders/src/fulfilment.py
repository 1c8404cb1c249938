"""Hands incoming orders to the warehouse."""
import json


def run(event, context):
    for record in event["Records"]:
        print("packing", json.loads(record["body"])["id"])
