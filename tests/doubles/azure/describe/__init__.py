"""Azure's own description of itself, as its Python packages carry it, and requests and answers held against it."""

from .check import Description
from .fields import Undescribed
from .table import load

__all__ = ["Description", "Undescribed", "load"]
