"""Files by their content: documents as rendered, evidence as it came in. Written once, never changed."""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import unquote, urlparse

from engine.errors import N_, NotFound, SettingsRefused


class FileStore:
    """A folder of files named by the SHA-256 of what they hold."""

    def __init__(self, url: str) -> None:
        parsed = urlparse(url)
        if parsed.scheme not in ("file", "") or not parsed.path:
            raise SettingsRefused(
                N_("ANLIU_EVIDENCE_URL %(url)s: only file:// folders are supported."), url=url
            )
        self.folder = Path(unquote(parsed.path))

    def put(self, content: bytes) -> str:
        """Keeps the content durably; returns its SHA-256 in hex. The same content is kept once."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{digest}.{secrets.token_hex(4)}")
        with partial.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        partial.replace(path)
        return digest

    def get(self, digest: str) -> bytes:
        """The content of that SHA-256, checked against it.

        :raises NotFound: there is none, or what is there was changed.
        """
        path = self._path(digest)
        if not path.exists():
            raise NotFound(N_("There is no such file."))
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != digest:
            raise NotFound(N_("The stored file was changed: its content no longer matches its hash."))
        return content

    def has(self, digest: str) -> bool:
        """Whether a file with that SHA-256 is kept."""
        return self._path(digest).exists()

    def _path(self, digest: str) -> Path:
        if len(digest) != 64 or not all(c in "0123456789abcdef" for c in digest):
            raise NotFound(N_("There is no such file."))
        return self.folder / digest[:2] / digest
