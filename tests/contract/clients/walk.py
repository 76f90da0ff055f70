"""The main job with the generated Python client: sign up, a spasm, ice, a score, the next step."""

import sys
import time
import uuid
from datetime import datetime, timedelta, timezone

import spasmlog_client as spasmlog
from spasmlog_client.exceptions import ApiException

BASE = sys.argv[1]


def client(token=None):
    return spasmlog.ApiClient(spasmlog.Configuration(host=BASE, access_token=token))


def refused(status, call):
    try:
        call()
    except ApiException as error:
        assert error.status == status, (error.status, error.body)
        return error
    raise AssertionError(f"expected {status}")


def code(value):
    """A code: one that the client knows, or any other text."""
    return getattr(value.actual_instance, "value", value.actual_instance)


def new_id():
    """A UUID of version 7, as clients make for their records."""
    value = (int(time.time() * 1000) << 80) | (uuid.uuid4().int & ((1 << 80) - 1))
    return str(uuid.UUID(int=value & ~(0xF << 76) | 7 << 76))


registered = spasmlog.AccountsApi(client()).create_account(
    spasmlog.NewAccount(email=f"walk-{uuid.uuid4()}@example.org", password="correct horse battery")
)
me = client(registered.tokens.access_token)

# It began half an hour ago. A PUT under an id of the client's own is idempotent.
episode_id = new_id()
begun = spasmlog.NewEpisode(started_at=datetime.now(timezone.utc) - timedelta(minutes=30), trigger="Lifted a box")
episodes = spasmlog.EpisodesApi(me)
episode = episodes.put_episode(episode_id, begun)
assert code(episode.next_step.action) == "apply_ice", episode.next_step
assert episodes.put_episode(episode_id, begun).revision == episode.revision

applications = spasmlog.ApplicationsApi(me)
bare = applications.create_application(spasmlog.NewThermalApplication(modality=spasmlog.Modality.ICE, barrier=False))
assert code(bare.next_step.action) == "remove_ice", bare.next_step
covered = applications.update_application(bare.id, spasmlog.ThermalApplicationPatch(barrier=True))
assert code(covered.next_step.action) == "continue_ice" and covered.next_step.next_at, covered.next_step

scores = spasmlog.PainScoresApi(me)
score = scores.create_pain_score(spasmlog.NewPainScore(score=7), idempotency_key=str(uuid.uuid4()))
assert score.score == 7
patch = spasmlog.PainScorePatch(score=3)
refused(412, lambda: scores.update_pain_score(score.id, patch, if_match='"0"'))
assert scores.update_pain_score(score.id, patch, if_match=f'"{score.revision}"').score == 3

guide = spasmlog.GuideApi(me)
assert guide.get_next_step().rule
assert "pain_score" in [code(item.type) for item in episodes.get_timeline(episode_id).items]
sign = spasmlog.SymptomInput(code=spasmlog.WarningSign.SADDLE_NUMBNESS, present=True)
warned = spasmlog.CheckInsApi(me).create_check_in(spasmlog.NewCheckIn(symptoms=[sign]))
assert code(warned.next_step.action) == "seek_emergency_care", warned.next_step
refused(401, lambda: spasmlog.GuideApi(client()).get_next_step())

# A code that comes after this client was made is read as it is.
later = guide.get_next_step().to_dict() | {"action": "hum_a_tune", "member_to_come": 1}
assert spasmlog.NextStep.from_dict(later).action.actual_instance == "hum_a_tune"
print("Python: the whole walk succeeded")
