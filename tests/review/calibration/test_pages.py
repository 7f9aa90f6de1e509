"""What a reviewer sees of their calibration, and what the manager sees of the pool's."""

from review.calibration.models import CalibrationResult
from review.scoring import services as scoring
from tests.review.stages import answer


def test_the_comparison_is_there_at_once_with_the_committees_reasons(scene, as_person):
    scene.active()
    nora = scene.reader()
    client = as_person(nora.id)
    page = client.get("/reviewing/calibration/careful-host")
    assert "Begin to read" in page.text
    begun = client.post("/reviewing/calibration/careful-host")
    path = begun.headers["Location"]
    reading_id = path.rsplit("/", 1)[1]
    at = scene.edge.clock()
    with scene.edge.database.transaction() as session:
        opened = scoring.open_review(session, reading_id, by=nora.id, at=at)
        saved = scoring.save_draft(
            session,
            reading_id,
            version=opened.version,
            answers={"C1": answer(3), "C2": answer(3)},
            feedback="",
            private_note="",
            seconds=5,
            by=nora.id,
            at=at,
        )

    sealed = client.post(f"{path}/seal", data={"version": saved.version})

    assert sealed.headers["Location"] == f"/reviewing/calibration/results/{reading_id}"
    # The job that keeps the result has not run yet.
    assert scene.make.rows(CalibrationResult) == []
    shown = client.get(sealed.headers["Location"])
    assert "Not passed yet" in shown.text
    assert "The plan has no fallback for the remote side." in shown.text
    assert "How your levels compare" in client.get(path).text


def test_a_result_is_for_its_reader_alone(scene, as_person):
    scene.active()
    nora = scene.reader()
    kept = scene.read(nora, (3, 2))
    path = f"/reviewing/calibration/results/{kept.assignment_id}"

    others = [scene.manager, scene.member, scene.author, scene.reader("Other Reader")]

    assert as_person(nora.id).get(path).status_code == 200
    assert [as_person(one.id).get(path).status_code for one in others] == [404] * 4


def test_no_level_of_the_committee_is_shown_before_the_seal(scene, as_person):
    scene.active()
    nora = scene.reader()
    reading = scene.begun(nora)
    client = as_person(nora.id)

    before = client.get(f"/reviewing/calibration/results/{reading.id}")

    assert before.status_code == 404
    assert "The plan has no fallback" not in client.get(f"/reviews/{reading.id}").text


def test_who_has_to_calibrate_sees_it_at_home_and_on_their_page(scene, as_person):
    early = scene.stage.reviewers[0]
    scene.active()
    nora = scene.reader()
    new, old = as_person(nora.id), as_person(early.id)

    assert "Calibrate for Careful Host" in new.get("/home").text
    assert "Calibrate before your next review" in new.get("/reviewing").text
    assert "you go on reviewing meanwhile" in old.get("/reviewing").text
    scene.read(nora, (3, 2))
    assert "Calibrated until Tue 2 March 2027" in new.get("/reviewing").text
    assert "Calibrate for" not in new.get("/home").text


def test_inv_40_the_manager_sees_a_date_and_no_score(scene, as_person):
    scene.active()
    nora = scene.reader()
    scene.reader("Una Uncalibrated")
    scene.read(nora, (3, 2))

    page = as_person(scene.manager.id).get("/pool/careful-host").text
    benchmarks = as_person(scene.manager.id).get("/pool/careful-host/benchmarks").text

    assert "Calibrated until Tue 2 March 2027" in page
    assert "Not calibrated: asked for nothing until they are." in page
    for words in ("levels the same", "of 2 levels", "Passed"):
        assert words not in page + benchmarks
