"""What the self-test needs: one double, clients of AWS's own Python SDK at it, and a stack to stand on."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import botocore.loaders
import botocore.parsers
import botocore.serialize
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ServiceModel

REGION = "us-east-1"


class Double:
    """A double in a process of its own."""

    def __init__(self, cloud: str = "aws") -> None:
        serve = Path(__file__).parent / cloud / "serve.py"
        self.process = subprocess.Popen(
            [sys.executable, str(serve)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        self.clients: dict[tuple[str, bool, float], Any] = {}
        self.endpoint: str = json.loads(self.process.stdout.readline())["endpoint"]

    def stop(self) -> int:
        """Ends its standard input, which ends it."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        ended = self.process.wait(timeout=10)
        assert self.process.stdout is not None
        self.process.stdout.close()
        return ended

    def ask(self, name: str, given: Any = None) -> Any:
        """A control path: GET without, POST with something given."""
        data = None if given is None else json.dumps(given).encode()
        request = urllib.request.Request(f"{self.endpoint}/_double/{name}", data)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            return json.load(answer)

    def cbor(self, service: str, operation: str, parameters: dict[str, Any]) -> tuple[int, Any]:
        """A call in CBOR, which boto3 speaks only where it has to: written and read by botocore all the same."""
        loader = botocore.loaders.Loader()
        model = ServiceModel(loader.load_service_model(service, "service-2"), service).operation_model(operation)
        serializer = botocore.serialize.create_serializer("smithy-rpc-v2-cbor", include_validation=False)
        asked = serializer.serialize_to_request(parameters, model)
        scope = f"Credential=A/20260101/{REGION}/{model.service_model.signing_name}/aws4_request"
        headers = {**asked["headers"], "Authorization": f"AWS4-HMAC-SHA256 {scope}, Signature=0"}
        request = urllib.request.Request(self.endpoint + asked["url_path"], asked["body"], headers)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            answer = opener.open(request, timeout=30)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            exchange = {"status_code": answer.status, "headers": answer.headers, "body": answer.read()}
        parser = botocore.parsers.create_parser("smithy-rpc-v2-cbor")
        return answer.status, parser.parse(exchange, model.output_shape)

    def client(self, service: str, *, checking: bool = True, read_timeout_s: float = 20) -> Any:
        """A client that tries once. `checking`: it holds parameters against the model itself before it sends them."""
        made = (service, checking, read_timeout_s)
        if made not in self.clients:
            self.clients[made] = self._client(service, checking, read_timeout_s)
        return self.clients[made]

    def _client(self, service: str, checking: bool, read_timeout_s: float) -> Any:
        retries: Any = {"total_max_attempts": 1}
        config = Config(
            retries=retries,
            parameter_validation=checking,
            proxies={},
            read_timeout=read_timeout_s,
        )
        return boto3.client(
            service,
            region_name=REGION,
            endpoint_url=self.endpoint,
            aws_access_key_id="AKIADOUBLE0000000000",
            aws_secret_access_key="double",
            config=config,
        )


class DoubleTest(unittest.TestCase):
    """A test with a double that has forgotten everything."""

    cloud = "aws"
    double: Double

    @classmethod
    def setUpClass(cls) -> None:
        cls.double = Double(cls.cloud)

    @classmethod
    def tearDownClass(cls) -> None:
        cls.double.stop()

    def setUp(self) -> None:
        self.double.ask("reset", {})

    @contextlib.contextmanager
    def refused(self, code: str) -> Iterator[None]:
        """Passes if the call inside is refused with that code."""
        try:
            yield
        except ClientError as error:
            self.assertEqual(error.response["Error"]["Code"], code, error)
            return
        self.fail(f"was not refused with {code}")

    def calls(self, operation: str) -> list[dict[str, Any]]:
        """The calls of an operation so far."""
        return [call for call in self.double.ask("calls") if call["operation"] == operation]


class Stack:
    """A network in two zones with a security group."""

    def __init__(self, double: Double) -> None:
        self.ec2 = double.client("ec2")
        self.vpc: str = self.ec2.create_vpc(CidrBlock="10.20.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [self.subnet(at, zone) for at, zone in enumerate("ab")]
        self.group: str = self.ec2.create_security_group(VpcId=self.vpc, GroupName="app", Description="app machines")[
            "GroupId"
        ]

    def subnet(self, at: int, zone: str) -> str:
        """One more subnet."""
        return str(
            self.ec2.create_subnet(VpcId=self.vpc, CidrBlock=f"10.20.{at}.0/24", AvailabilityZone=f"{REGION}{zone}")[
                "Subnet"
            ]["SubnetId"]
        )

    def gateway(self) -> str:
        """An attached internet gateway."""
        gateway = self.ec2.create_internet_gateway()["InternetGateway"]["InternetGatewayId"]
        self.ec2.attach_internet_gateway(InternetGatewayId=gateway, VpcId=self.vpc)
        return str(gateway)

    def nat(self, token: str) -> tuple[str, str]:
        """A NAT gateway in the first subnet, and its address."""
        address = self.ec2.allocate_address(Domain="vpc")["AllocationId"]
        nat = self.ec2.create_nat_gateway(SubnetId=self.subnets[0], AllocationId=address, ClientToken=token)
        return str(nat["NatGateway"]["NatGatewayId"]), str(address)


def database(stack: Stack, double: Double, **more: Any) -> Any:
    """A database in the stack's subnets; answers the client."""
    rds = double.client("rds")
    with contextlib.suppress(ClientError):
        rds.create_db_subnet_group(DBSubnetGroupName="main", DBSubnetGroupDescription="main", SubnetIds=stack.subnets)
        rds.create_db_parameter_group(
            DBParameterGroupName="main", DBParameterGroupFamily="mysql8.4", Description="main"
        )
    asked = {
        "DBInstanceIdentifier": "main",
        "DBInstanceClass": "db.r6g.2xlarge",
        "Engine": "mysql",
        "EngineVersion": "8.4.7",
        "AllocatedStorage": 1024,
        "StorageType": "gp3",
        "MasterUsername": "loadline",
        "ManageMasterUserPassword": True,
        "DBSubnetGroupName": "main",
        "DBParameterGroupName": "main",
        "VpcSecurityGroupIds": [stack.group],
        "MultiAZ": True,
    }
    rds.create_db_instance(**(asked | more))
    return rds
