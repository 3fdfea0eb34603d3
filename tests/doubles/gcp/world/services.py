"""Service Usage and Resource Manager: which services are on, and the project."""

from __future__ import annotations

from . import lro
from .things import Answer, Refusal, Request, Thing, World, method

SERVICES = [
    "compute", "sqladmin", "redis", "memorystore", "monitoring", "secretmanager", "servicenetworking", "networkconnectivity",
    "serviceusage", "cloudresourcemanager", "certificatemanager",
]  # fmt: skip


def _service(world: World, project: str, host: str) -> Thing:
    name = f"projects/{world.project_number(world.project_id(project))}"
    state = "DISABLED" if host in world.disabled else "ENABLED"
    return {"name": f"{name}/services/{host}", "parent": name, "state": state, "config": {"name": host, "title": host}}


@method("serviceusage.services.get")
def service(world: World, request: Request) -> Answer:
    """Whether a service is on."""
    host = request.place.rsplit("/", 1)[-1]
    if host.removesuffix(".googleapis.com") not in SERVICES:
        raise Refusal(404, "NOT_FOUND", f"Service '{host}' not found.")
    return Answer(_service(world, request.project, host))


@method("serviceusage.services.list", "serviceusage.services.batchGet")
def services(world: World, request: Request) -> Answer:
    """Services that are on or off, or those that are named."""
    if request.id.endswith("batchGet"):
        hosts = [name.rsplit("/", 1)[-1] for name in request.query.get("names", [])]
        return Answer({"services": [_service(world, request.project, it) for it in hosts]})
    items = [_service(world, request.project, f"{it}.googleapis.com") for it in SERVICES]
    return Answer({"services": items}, "services")


@method("serviceusage.services.enable", "serviceusage.services.disable")
def turn(world: World, request: Request) -> Answer:
    """Turns a service on or off."""
    place, _, verb = request.place.rpartition(":")
    host = place.rsplit("/", 1)[-1]
    (world.disabled.discard if verb == "enable" else world.disabled.add)(host)
    kind = "google.api.serviceusage.v1.EnableServiceResponse"
    seen = {"service": _service(world, request.project, host)}
    return lro.begin(world, request, place, verb, kind, lambda: seen, home="operations/acat.p2-")


@method("cloudresourcemanager.projects.get")
def project(world: World, request: Request) -> Answer:
    """The project, by its id or number."""
    id = world.project_id(request.project)
    number, since = world.project_number(id), "2020-01-01T00:00:00Z"
    if "projectId" in request.path:
        return Answer({"projectNumber": number, "projectId": id, "name": id, "lifecycleState": "ACTIVE", "createTime": since})
    return Answer({"name": f"projects/{number}", "projectId": id, "displayName": id, "state": "ACTIVE", "createTime": since, "etag": "W/\"1\""})


@method("cloudresourcemanager.projects.testIamPermissions")
def permissions(world: World, request: Request) -> Answer:
    """What the caller may do: everything."""
    return Answer({"permissions": request.body.get("permissions", [])})
