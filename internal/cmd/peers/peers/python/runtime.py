"""The Runtime API as the managed runtime speaks it, over one connection that is kept."""

import http.client
import json
import os

from ingest import handler

connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])


def call(method, path, body=None):
    connection.request(method, "/2018-06-01/runtime/invocation/" + path, body)
    response = connection.getresponse()
    return response.headers, response.read()


while True:
    headers, event = call("GET", "next")
    request = headers["Lambda-Runtime-Aws-Request-Id"]
    try:
        answer = handler(json.loads(event), None)
        call("POST", request + "/response", json.dumps(answer))
    except Exception as error:  # an invocation that fails is answered with why
        call("POST", request + "/error", json.dumps({"errorType": type(error).__name__, "errorMessage": str(error)}))
