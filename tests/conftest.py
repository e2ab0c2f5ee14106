"""What every test needs: a cache of its own, so that nothing is left in the user's."""

import os
import tempfile

os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="opsbook-cache-")
