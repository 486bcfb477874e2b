"""A cloud on loopback that enforces permissions on the resources that a request names.

moto enforces policies, but tells the resource of a request for some services only and takes `*` for
the others, which no policy on an ARN allows. Here it is told for the others that the sample uses.
Of wildcards it knows `*` only; here `?` is one character, and all else is itself.
"""

import json
import re
import sys

from moto.dynamodb.responses import DynamoHandler
from moto.iam.access_control import IAMPolicyStatement
from moto.kms.responses import KmsResponse
from moto.secretsmanager.responses import SecretsManagerResponse
from moto.server import main
from moto.sns.responses import SNSResponse


def arn(handler, service, resource):
    return f"arn:aws:{service}:{handler.region}:{handler.current_account}:{resource}"


def table(handler):
    body = handler.body
    name = body.get("TableName", "*")
    index = f"/index/{body['IndexName']}" if "IndexName" in body else ""
    return arn(handler, "dynamodb", f"table/{name}{index}")


def key(handler):
    name = json.loads(handler.body or "{}").get("KeyId", "*")
    return name if name.startswith("arn:") else arn(handler, "kms", f"key/{name}")


def secret(handler):
    name = json.loads(handler.body or "{}").get("SecretId", "*")
    if name.startswith("arn:"):
        return name
    return arn(handler, "secretsmanager", f"secret:{name}-abcdef")


def topic(handler):
    return handler._get_param("TopicArn") or handler._get_param("TargetArn") or "*"


def match(pattern, text):
    literal = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.fullmatch(literal, text)


IAMPolicyStatement._match = staticmethod(match)
DynamoHandler._determine_resource = table
KmsResponse._determine_resource = key
SecretsManagerResponse._determine_resource = secret
SNSResponse._determine_resource = topic

main(sys.argv[1:])
