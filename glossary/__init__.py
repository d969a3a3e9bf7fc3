"""A terminology glossary of Chinese legal and policy terms: look-up in any script, with evidence."""

from glossary.errors import GlossaryError
from glossary.library import Glossary, Result

__all__ = ["Glossary", "GlossaryError", "Result"]
__version__ = "0.1.0"
