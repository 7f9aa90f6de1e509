"""The files behind the workspace: derived views under neutral names, while they are one's to read.

An original never leaves here, since it may say inside whose it is; nor does a derived text that
the viewer would have masked. What is not given looks as if it did not exist (AZ3, BR2, BR3).
"""

from typing import Any

from accounts.permissions import Permission
from accounts.web import me, permits
from core.web import db
from portfolio.evidence.web import send_rendition
from review.scoring import queries


@permits(Permission.SCORE)
def evidence_file(assignment_id: str, position: int, rendition_id: str) -> Any:
    """Send one derived view of a work sample."""
    item = queries.evidence_item(db(), assignment_id, position, reviewer_id=me())
    return send_rendition(queries.picture(db(), item.sha256, rendition_id))
