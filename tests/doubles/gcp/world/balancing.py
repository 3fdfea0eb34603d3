"""What the load balancer is made of: health checks, backend services, URL maps, proxies, TLS policies, certificates, rules."""

from __future__ import annotations

import re

from . import maps
from .compute import setter
from .families import family, place_of, refer, url
from .network import fixed
from .refusals import absent, in_use, invalid
from .things import METHODS, Request, Thing, World

_PROBES = {
    "HTTP": ("httpHealthCheck", {"port": 80, "requestPath": "/", "proxyHeader": "NONE"}),
    "HTTPS": ("httpsHealthCheck", {"port": 443, "requestPath": "/", "proxyHeader": "NONE"}),
    "HTTP2": ("http2HealthCheck", {"port": 443, "requestPath": "/", "proxyHeader": "NONE"}),
    "TCP": ("tcpHealthCheck", {"port": 80, "proxyHeader": "NONE"}),
    "SSL": ("sslHealthCheck", {"port": 443, "proxyHeader": "NONE"}),
    "GRPC": ("grpcHealthCheck", {}),
    "GRPC_WITH_TLS": ("grpcTlsHealthCheck", {}),
}
_FEATURES = [
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
]  # fmt: skip


def _health_check(world: World, request: Request, body: Thing) -> None:
    if not body.get("type"):
        raise absent("type")
    if body["type"] not in _PROBES:
        raise invalid("type", body["type"], f"Must be one of {', '.join(_PROBES)}.")
    field, defaults = _PROBES[body["type"]]
    body[field] = {**defaults, **body.get(field, {})}
    for name, value in {"checkIntervalSec": 5, "timeoutSec": 5, "healthyThreshold": 2, "unhealthyThreshold": 2}.items():
        body.setdefault(name, value)
    body.setdefault("logConfig", {"enable": False})
    if body["timeoutSec"] > body["checkIntervalSec"]:
        raise invalid("timeoutSec", body["timeoutSec"], "timeoutSec should be less than checkIntervalSec.")
    if not all(1 <= body[name] <= 10 for name in ("healthyThreshold", "unhealthyThreshold")):
        raise invalid("healthyThreshold", body["healthyThreshold"], "Must be from 1 to 10.")


def _health_check_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "type")


def _backend(world: World, request: Request, body: Thing) -> None:
    defaults = {
        "loadBalancingScheme": "EXTERNAL", "protocol": "HTTP", "port": 80, "portName": "http", "timeoutSec": 30,
        "sessionAffinity": "NONE", "affinityCookieTtlSec": 0, "enableCDN": False, "connectionDraining": {"drainingTimeoutSec": 0},
        "logConfig": {"enable": False}, "description": "",
    }  # fmt: skip
    for name, value in defaults.items():
        body.setdefault(name, value)
    if body["loadBalancingScheme"] == "EXTERNAL_MANAGED":
        body.setdefault("localityLbPolicy", "ROUND_ROBIN")
    checks = body.get("healthChecks", [])
    if len(checks) > 1:
        raise invalid("healthChecks", checks, "At most one health check.")
    body["healthChecks"] = [refer(world, request, "healthChecks[0]", it, "healthChecks") for it in checks]
    groups = set()
    for at, backend in enumerate(body.get("backends", [])):
        backend["group"] = refer(world, request, f"backends[{at}].group", backend.get("group"), "instanceGroups")
        if backend["group"] in groups:
            raise invalid(f"backends[{at}].group", backend["group"], "The group is there twice.")
        groups.add(backend["group"])
        backend.setdefault("balancingMode", "UTILIZATION")
        backend.setdefault("capacityScaler", 1.0)
        if backend["balancingMode"] == "RATE" and not (backend.get("maxRate") or backend.get("maxRatePerInstance")):
            raise absent(f"backends[{at}].maxRatePerInstance")
    if groups and not checks:
        raise absent("healthChecks")
    if not 1 <= body["timeoutSec"] <= 2_147_483_647:
        raise invalid("timeoutSec", body["timeoutSec"], "Must be from 1.")


def _backend_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "loadBalancingScheme")


def _backend_shown(world: World, backend: Thing) -> None:
    maps = [it["selfLink"] for it in world.of("urlMaps").values() if it.get("defaultService") == backend["selfLink"]]
    backend.pop("usedBy", None)
    if maps:
        backend["usedBy"] = [{"reference": it} for it in maps]


def _url_map(world: World, request: Request, body: Thing) -> None:
    if bool(body.get("defaultService")) == bool(body.get("defaultUrlRedirect")):
        raise invalid("defaultService", body.get("defaultService"), "Exactly one of defaultService and defaultUrlRedirect.")
    if body.get("defaultService"):
        body["defaultService"] = refer(world, request, "defaultService", body["defaultService"], "backendServices")
    else:
        redirect = body["defaultUrlRedirect"] = dict(body["defaultUrlRedirect"])
        redirect.setdefault("redirectResponseCode", "MOVED_PERMANENTLY_DEFAULT")
        redirect.setdefault("httpsRedirect", False)
        redirect.setdefault("stripQuery", False)


def _http_proxy(world: World, request: Request, body: Thing) -> None:
    body["urlMap"] = refer(world, request, "urlMap", body.get("urlMap"), "urlMaps")
    body.setdefault("proxyBind", False)


def _https_proxy(world: World, request: Request, body: Thing) -> None:
    _http_proxy(world, request, body)
    if not body.get("sslCertificates") and not body.get("certificateMap"):
        raise absent("sslCertificates")
    certificates = body.get("sslCertificates", [])
    if certificates:
        body["sslCertificates"] = [refer(world, request, "sslCertificates[0]", it, "sslCertificates") for it in certificates]
    if body.get("certificateMap") and not _MAP.fullmatch(body["certificateMap"]):
        raise invalid("certificateMap", body["certificateMap"], f"Must be a match of regex '{_MAP.pattern}'")
    if body.get("certificateMap") and not maps.there(world, body["certificateMap"]):
        raise invalid("certificateMap", body["certificateMap"], "The referenced certificate map cannot be found.")
    if body.get("sslPolicy"):
        body["sslPolicy"] = refer(world, request, "sslPolicy", body["sslPolicy"], "sslPolicies")
    body.setdefault("quicOverride", "NONE")
    body.setdefault("tlsEarlyData", "DISABLED")


_MAP = re.compile(r"//certificatemanager\.googleapis\.com/projects/[^/]+/locations/[^/]+/certificateMaps/[^/]+")


def _ssl_policy(world: World, request: Request, body: Thing) -> None:
    body.setdefault("minTlsVersion", "TLS_1_0")
    body.setdefault("profile", "COMPATIBLE")
    if body["profile"] == "CUSTOM" and not body.get("customFeatures"):
        raise absent("customFeatures")
    if body["profile"] != "CUSTOM" and body.get("customFeatures"):
        raise invalid("customFeatures", body["customFeatures"], "Only with the profile CUSTOM.")
    body["enabledFeatures"] = list(body.get("customFeatures") or _FEATURES)


def _certificate(world: World, request: Request, body: Thing) -> None:
    body.setdefault("type", "MANAGED" if "managed" in body else "SELF_MANAGED")
    body.pop("privateKey", None)
    if body["type"] == "MANAGED":
        domains = body.get("managed", {}).get("domains", [])
        body["managed"] = {"domains": domains, "status": "ACTIVE", "domainStatus": {it: "ACTIVE" for it in domains}}
    body["expireTime"] = "2027-02-01T00:00:00.000-08:00"


def _rule(world: World, request: Request, body: Thing) -> None:
    body["target"] = refer(world, request, "target", body.get("target"), "targetHttpProxies", "targetHttpsProxies")
    ends = re.fullmatch(r"(\d+)(?:-(\d+))?", str(body.get("portRange", "")))
    if not ends:
        raise invalid("portRange", body.get("portRange"), "Must be a port or a range of ports.")
    body["portRange"] = f"{ends[1]}-{ends[2] or ends[1]}"
    body["IPAddress"] = _literal(world, request, body.get("IPAddress"))
    for name, value in {"IPProtocol": "TCP", "loadBalancingScheme": "EXTERNAL", "networkTier": "PREMIUM", "description": ""}.items():
        body.setdefault(name, value)
    for other in world.of("globalForwardingRules").values():
        same = (other["IPAddress"], other["portRange"]) == (body["IPAddress"], body["portRange"])
        if same and other["name"] != body["name"]:
            raise in_use("address", body["IPAddress"], other["selfLink"].removeprefix(url("")))


def _literal(world: World, request: Request, asked: str | None) -> str:
    """The address itself, where a reserved one is named."""
    if not asked:
        return f"198.51.100.{world.number() % 250 + 1}"
    if re.fullmatch(r"[\d.]+", asked):
        return asked
    place = place_of(request.project, refer(world, request, "IPAddress", asked, "addresses"))
    return str(world.of("globalAddresses")[place]["address"])


def _rule_change(world: World, request: Request, old: Thing, new: Thing) -> None:
    fixed(old, new, "IPAddress", "IPProtocol", "portRange", "loadBalancingScheme", "networkTier")


family(
    "healthChecks", "healthChecks", "healthCheck", "health_check", read=_health_check, change=_health_check_change,
    quota="HEALTH_CHECKS",
)  # fmt: skip
family(
    "backendServices", "backendServices", "backendService", "backend_service", read=_backend, change=_backend_change,
    shown=_backend_shown, fingerprint="required", quota="BACKEND_SERVICES",
)  # fmt: skip
family("urlMaps", "urlMaps", "urlMap", "url_map", read=_url_map, fingerprint="required", quota="URL_MAPS")
family(
    "targetHttpProxies", "targetHttpProxies", "targetHttpProxy", "target_http_proxy", read=_http_proxy, fingerprint="required",
    quota="TARGET_HTTP_PROXIES",
)  # fmt: skip
family(
    "targetHttpsProxies", "targetHttpsProxies", "targetHttpsProxy", "target_https_proxy", read=_https_proxy, fingerprint="required",
    quota="TARGET_HTTPS_PROXIES",
)  # fmt: skip
family("sslPolicies", "sslPolicies", "sslPolicy", "ssl_policy", read=_ssl_policy, fingerprint="required")
family("sslCertificates", "sslCertificates", "sslCertificate", "ssl_certificate", read=_certificate, quota="SSL_CERTIFICATES")
family(
    "globalForwardingRules", "forwardingRules", "forwardingRule", "forwarding_rule", read=_rule, change=_rule_change,
    fingerprint="optional", labels=True, quota="FORWARDING_RULES",
)  # fmt: skip


def _field(name: str, sent: str | None = None):  # type: ignore[no-untyped-def]
    """Writes one field of the request into the thing; an empty one takes it away."""

    def apply(world: World, request: Request, old: Thing, new: Thing) -> None:
        value = request.body.get(sent or name)
        if value:
            new[name] = value
        else:
            new.pop(name, None)

    return apply


for _proxies in ("targetHttpProxies", "targetHttpsProxies"):
    METHODS[f"compute.{_proxies}.setUrlMap"] = setter("setUrlMap", _field("urlMap"))
METHODS["compute.targetHttpsProxies.setSslCertificates"] = setter("setSslCertificates", _field("sslCertificates"))
METHODS["compute.targetHttpsProxies.setSslPolicy"] = setter("setSslPolicy", _field("sslPolicy"))
METHODS["compute.targetHttpsProxies.setCertificateMap"] = setter("setCertificateMap", _field("certificateMap"))
METHODS["compute.globalForwardingRules.setTarget"] = setter("setTarget", _field("target"))
