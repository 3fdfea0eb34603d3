"""Stands in for Azure: Resource Manager and the data plane of Key Vault.

The cloud's own Python packages are called `azure.*` too: their folder is searched after this one."""

from pkgutil import extend_path

__path__ = extend_path(__path__, __name__)
