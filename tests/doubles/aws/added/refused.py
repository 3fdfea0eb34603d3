"""An error of an addition. moto finds the model of an error by the module of its class, and `moto.core` has none."""

from __future__ import annotations

from moto.core.exceptions import ServiceException


class Refused(ServiceException):
    """A refusal: the code as the service's model has it, and the sentence."""
