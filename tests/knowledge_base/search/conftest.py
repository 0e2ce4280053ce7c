"""What tests of search share."""

from __future__ import annotations

import pytest

from knowledge_base.search.encoder import make, name
from tests.support.servers import only_one


@pytest.fixture(scope="session")
def encoder_file(test_servers):
    """The encoder's file, made once for all workers."""
    file = test_servers.folder / name()
    with only_one(test_servers.folder, "encoder"):
        if not file.exists():
            make(file)
    return file
