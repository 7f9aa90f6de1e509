"""What a review policy says where an edition says nothing, and the bounds of it."""

from collections.abc import Mapping
from typing import Any

# What makes somebody fit for a submission, and how much each part counts; the sum is 1.
FIT_WEIGHTS: Mapping[str, float] = {
    "qualification": 0.15,
    "competencies": 0.15,
    "sector": 0.20,
    "topics": 0.10,
    "language": 0.05,
    "level": 0.05,
    "experience": 0.10,
    "room": 0.15,
    "rest": 0.05,
}
MOST_HEDGES = 2
# Fields that older editions do not have: left out at their default, so that digests stay.
ABSENT: dict[str, Any] = {
    "answer_hours": 24,
    "invitation_days": None,
    "per_organisation": 1,
    "per_sector": None,
    "hedges": 1,
    "hedge_after_days": 6,
    "hedge_risk": 0.2,
    "max_reviews": 5,
    "grant_above": 0.9,
    "deny_below": 0.1,
    "small_family": 30,
    "small_grant_above": 0.95,
    "small_deny_below": 0.05,
    "confidence_from": 30,
    "moderated_reviews": 0,
    "moderation_rate": 0.0,
    "audit_rate": 0.0,
    "calibration_agreement": 0.8,
    "calibration_months": 12,
    "gold_items": 2,
    "fit_weights": dict(FIT_WEIGHTS),
}
