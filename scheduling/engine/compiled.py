"""Getting the kernels compiled once per machine, and doing without them where that cannot be.

The cache of the compiler knows a source file by its absolute path, so every clone would compile anew. The kernels are
therefore copied to the user's cache folder under their own content, and run from there.
"""

import hashlib
import importlib.util
import logging
import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path
from types import ModuleType

log = logging.getLogger(__name__)
SOURCE = Path(__file__).with_name("kernels.py")


@lru_cache(maxsize=1)
def kernels() -> ModuleType | None:
    """Return the kernels, or None where they cannot be compiled; the plain search does the work then."""
    try:
        from numba import config

        if getattr(config, "DISABLE_JIT", 0):
            return None
        return _load(_shared_copy())
    except (ImportError, OSError, RuntimeError) as error:
        log.warning("The compiled search is not there, weeks are planned in plain Python: %s", error)
        return None


def cache_folder() -> Path:
    """Return where this user's caches are."""
    home = os.environ.get("XDG_CACHE_HOME")
    return Path(home) if home else Path.home() / ".cache"


def _shared_copy() -> Path:
    """Return a copy of the kernels that all clones share, or the source itself when the cache cannot be written."""
    content = SOURCE.read_bytes()
    copy = cache_folder() / "wijkcheque" / "kernels" / hashlib.sha256(content).hexdigest()[:32] / SOURCE.name
    try:
        if not copy.exists() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=copy.parent, delete=False) as draft:
                draft.write(content)
            Path(draft.name).replace(copy)
    except OSError:
        return SOURCE
    return copy


def _load(path: Path) -> ModuleType:
    name = "scheduling_engine_kernels"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} is no module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module
