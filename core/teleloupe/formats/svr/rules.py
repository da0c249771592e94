"""Every rule of the SVR specification, section 12, under the code it has there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec import structs

from teleloupe.model import Issue, Rule, Severity

KEPT_PER_RULE = 10_000  # of one rule in one file; hostile input must not fill the memory with issues

_SEVERITIES: dict[str, Severity] = {"E": "error", "W": "warning", "I": "info"}
_TABLE = (
    ("file.encoding", "E", "the bytes are not UTF-8"),
    ("file.bom", "I", "the file starts with a UTF-8 byte order mark, which readers of the format may stumble over"),
    ("file.json_truncated", "E", "the JSON text stops before its end; a writer may still be busy"),
    ("file.json_malformed", "E", "the text is not JSON, or holds numbers or escapes that no value can carry"),
    ("file.duplicate_key", "E", "an object names a key twice, so one of the values is lost to every reader"),
    ("file.root_type", "E", "the top level is neither an object nor a list of events"),
    ("file.kind_unknown", "I", "the object is none of the kinds that the format knows"),
    ("bundle.field_missing", "E", "a session lacks a part that it cannot be judged without"),
    ("bundle.field_type", "E", "a part of the session has another JSON type than it must have"),
    ("bundle.field_empty", "E", "an identifier or the export time is the empty string"),
    ("bundle.field_unknown", "W", "the session has a key that the format does not know"),
    ("bundle.exported_at_missing", "W", "the session does not say when it was exported"),
    ("bundle.exported_before_last_event", "W", "the export claims to be older than its last event"),
    ("bundle.events_empty", "E", "the list of events is empty, so nothing is evidenced"),
    ("event.not_object", "E", "an element of the event list is not an object"),
    ("event.field_missing", "E", "an event lacks one of its eight required fields"),
    ("event.field_type", "E", "a field of an event has another JSON type than it must have"),
    ("event.field_empty", "E", "an identifier of an event is the empty string"),
    ("event.field_unknown", "E", "an event has a field outside its closed schema"),
    ("event.enum_value", "E", "event type, phase or outcome is none of the listed words"),
    ("event.id_duplicate", "E", "two events share an identifier, so a citation of it is ambiguous"),
    ("event.id_gap", "W", "the numbering of the events jumps: events may have been dropped"),
    ("event.session_mismatch", "E", "an event belongs to another session than its file"),
    ("event.participant_mismatch", "E", "an event belongs to another participant than its session"),
    ("event.out_of_order", "W", "an event happened before one that stands earlier in the file"),
    ("event.phase_mismatch", "W", "an event of this type does not occur in this phase"),
    ("event.outcome_unexpected", "W", "an event of this type does not end this way"),
    ("event.objective_missing", "W", "a scored event does not say which objective it is about"),
    ("event.objective_unknown", "E", "an event names an objective that the rubric lacks"),
    ("event.objective_event_mismatch", "W", "an event names an objective that other events evidence"),
    ("event.critical_code_missing", "E", "a critical error does not say which one it is"),
    ("event.critical_code_unknown", "E", "a critical error is none that the rubric knows"),
    ("event.critical_code_conflict", "E", "field and details name different critical errors; the field counts"),
    ("event.critical_code_unexpected", "W", "an event that is no critical error carries a code of one"),
    ("event.transition_target_missing", "W", "a phase transition does not say which phase it enters"),
    ("event.transition_target_invalid", "E", "a phase transition enters no phase, or another than its own"),
    ("event.drill_target_missing", "W", "a micro-drill event does not name its drill"),
    ("event.drill_target_unknown", "E", "a micro-drill event names a drill that is not defined"),
    ("event.score_delta_mismatch", "W", "the points logged with an event are not those that the rubric gives it"),
    ("event.evidence_detail_missing", "W", "a success lacks the detail that would prove it"),
    ("event.outcome_contradicts_detail", "W", "outcome and details of an event tell different stories"),
    ("event.text_whitespace", "W", "an identifier has white space at its ends, so it will not match its like"),
    ("time.invalid", "E", "the text is no date-time, or one that no calendar has"),
    ("time.no_offset", "E", "the date-time has no zone, so it is no instant"),
    ("time.not_utc", "E", "the date-time is not in UTC"),
    ("time.noncanonical", "W", "the date-time is in UTC but not written the canonical way"),
    ("lineage.no_audit", "E", "no event of the audit is left, the part that everything else rests on"),
    ("lineage.phase_order", "E", "the session returns to a phase that it had left"),
    ("lineage.phase_skipped", "W", "a phase between the audit and a later one left no event"),
    ("lineage.transition_missing", "W", "a phase begins without being announced"),
    ("lineage.drill_not_started", "W", "a micro-drill was completed that never started"),
    ("lineage.drill_not_completed", "W", "a micro-drill was started and never completed"),
    ("lineage.drill_unassigned", "W", "a micro-drill was run that the policy does not assign"),
    ("lineage.drill_missing", "W", "the policy assigns a micro-drill and none was run"),
    ("lineage.re_audit_without_drill", "W", "the re-audit began before any micro-drill was completed"),
    ("lineage.re_audit_not_started", "W", "the re-audit was completed without having started"),
    ("lineage.re_audit_not_completed", "W", "the re-audit has events but no completion"),
    ("lineage.attested_only", "W", "a correction rests on the word of re_audit_completed alone"),
    ("lineage.attestation_contradicted", "E", "a correction is reported that the re-audit's own events deny"),
    ("lineage.unscored_critical", "I", "a critical error fell into a phase where it costs nothing"),
    ("lineage.regressed", "I", "what succeeded in the audit failed in the re-audit"),
    ("lineage.objective_untried", "I", "the audit holds no attempt at an objective"),
    ("limit.phase_timebox", "W", "a phase lasted longer than its timebox"),
    ("limit.session_duration", "W", "the session lasted longer than the scenario plans"),
    ("limit.drill_duration", "W", "a micro-drill lasted longer than planned"),
    ("limit.objective_late", "W", "an objective was met outside its window"),
    ("score.field_missing", "E", "the score block lacks a field"),
    ("score.field_type", "E", "a field of the score block has another JSON type than it must have"),
    ("score.field_unknown", "W", "the score block has a key that the format does not know"),
    ("score.enum_value", "E", "the status is none of the listed words"),
    ("score.number_range", "E", "the total lies outside 0 to 100"),
    ("score.too_few_items", "E", "the score gives no reason at all"),
    ("score.report_disagrees", "E", "score block and report state different results"),
    ("score.recompute_mismatch", "E", "the stated total is not what the evidence gives"),
    ("score.status_mismatch", "E", "the stated status is not what the evidence gives"),
    ("score.status_threshold", "E", "the stated status does not follow from the stated total"),
    ("score.ledger_mismatch", "W", "the stated total is not the sum of the points logged with the events"),
    ("score.why_ledger_mismatch", "W", "the stated total is not the sum of its own reasons"),
    ("score.why_unparsed", "I", "a reason does not follow the usual grammar, so its points cannot be added"),
    ("score.why_subject_unknown", "W", "a reason names an objective or error that the rubric lacks"),
    ("score.why_amount_mismatch", "W", "a reason awards other points than the rubric"),
    ("score.why_event_unknown", "E", "a reason cites an event that is not in the session"),
    ("score.why_without_evidence", "E", "a reason moves points without citing an event"),
    ("score.why_no_positive", "W", "objectives were achieved, yet no reason awards points"),
    ("score.why_no_corrective", "W", "something went wrong, yet no reason says so"),
    ("score.basis_unsupported", "E", "the rubric scores an objective in a way that has no formula"),
    ("score.not_recomputable", "W", "without a rubric or an event list no score can be recomputed"),
    ("report.not_object", "E", "an item of the report is not an object"),
    ("report.field_missing", "E", "the report lacks a required field"),
    ("report.field_type", "E", "a field of the report has another JSON type than it must have"),
    ("report.field_empty", "E", "an identifier of the report is the empty string"),
    ("report.field_unknown", "E", "the report has a field outside its closed schema"),
    ("report.enum_value", "E", "the report's status is none of the listed words"),
    ("report.number_range", "E", "the report's total lies outside 0 to 100"),
    ("report.too_few_items", "E", "a list of the report that must not be empty is"),
    ("report.scenario_not_allowed", "E", "the report schema allows one scenario only, and this is another"),
    ("report.header_mismatch", "E", "the report is about another session, participant or scenario"),
    ("report.breakdown_arithmetic", "E", "the report's total is not the sum of its own parts"),
    ("report.objective_unknown", "E", "the report lists an objective that the rubric lacks"),
    ("report.objective_duplicate", "E", "the report lists an objective twice"),
    ("report.objective_omitted", "W", "the report leaves out an objective of the rubric"),
    ("report.weight_mismatch", "E", "the report weighs an objective otherwise than the rubric"),
    ("report.label_mismatch", "W", "the report names an objective otherwise than the rubric"),
    ("report.award_invalid", "E", "the awarded points are neither the weight nor nothing, as achieved demands"),
    ("report.objective_disagrees", "E", "the report judges an objective otherwise than the evidence"),
    ("report.evidence_missing", "W", "an achieved objective cites no event"),
    ("report.evidence_unknown", "E", "the report cites an event that is not in the session"),
    ("report.evidence_unrelated", "W", "the cited event is no attempt at the objective"),
    ("report.critical_unknown", "E", "the report lists a critical error that the rubric lacks"),
    ("report.critical_penalty_mismatch", "E", "the report penalises an error otherwise than the rubric"),
    ("report.critical_event_unknown", "E", "the report blames an event that is not in the session"),
    ("report.critical_event_mismatch", "E", "the blamed event is no penalised error of that code"),
    ("report.critical_omitted", "E", "the report hides a penalised error"),
    ("report.drill_unknown", "E", "the report recommends a drill that is not defined"),
    ("report.drill_mismatch", "W", "the report recommends other drills than the policy assigns"),
    ("report.delta_missing", "W", "a re-audit took place, yet the report does not say what it changed"),
    ("report.delta_unexpected", "W", "the report states a change through a re-audit that left no event"),
    ("report.delta_mismatch", "E", "the stated change of score is not what the evidence gives"),
    ("report.improved_mismatch", "E", "the objectives said to have improved are not those that did"),
    ("csv.malformed", "E", "a quoted cell is never closed"),
    ("csv.line_ending", "I", "the lines do not end in LF alone"),
    ("csv.header_missing_column", "E", "the header lacks a column that every row must have"),
    ("csv.header_incomplete", "W", "the header lacks further columns of the timeline profile"),
    ("csv.header_duplicate", "E", "the header names a column twice"),
    ("csv.header_unknown", "W", "the header names a column that no profile has"),
    ("csv.header_order", "W", "the columns are not in the order of the export"),
    ("csv.row_width", "E", "a row has more or fewer cells than the header"),
    ("csv.required_empty", "E", "a cell that every row must fill is empty"),
    ("csv.value_invalid", "E", "a cell is no listed word or no number"),
    ("csv.formula_cell", "W", "a spreadsheet would take the text for a formula"),
    ("csv.row_count", "E", "the CSV has more or fewer rows than the session has events"),
    ("csv.row_missing", "E", "an event of the session has no row"),
    ("csv.row_extra", "E", "a row matches no event of the session"),
    ("csv.cell_mismatch", "E", "a cell differs from the event in its place"),
    ("csv.cell_format", "W", "a cell means the same as the event but is written otherwise"),
    ("csv.pair_missing", "I", "session and CSV come in pairs; one of the two is not there"),
    (
        "privacy.participant_identifying",
        "E",
        "the participant id looks like a name, an address or a number of a person",
    ),
    ("privacy.participant_not_pseudonymous", "W", "the participant id is not of the pseudonymous form"),
    ("privacy.actor_unexpected", "W", "somebody else than the system or the participant acted"),
    ("privacy.detail_identifying", "E", "a detail would tell who or which machine it was"),
    ("privacy.detail_biometric", "E", "a detail is a reading of somebody's body"),
    ("privacy.detail_secret", "E", "a detail is a credential"),
    ("privacy.value_email", "E", "a text contains an e-mail address"),
    ("privacy.value_url", "W", "a text contains a network address, in a format that works offline"),
    ("privacy.value_user_path", "W", "a text contains a path inside somebody's profile"),
    ("determinism.random_id", "W", "an identifier is random, so the export cannot be reproduced"),
    ("determinism.session_id_pattern", "I", "the session id is not of the usual form"),
    ("determinism.event_id_pattern", "I", "event ids are not of the usual form"),
    ("determinism.session_date_mismatch", "I", "the session id carries another date than the first event"),
    ("determinism.session_collision", "E", "two files hold one session id with different evidence"),
    ("determinism.duplicate_export", "I", "two files hold the same session with the same evidence"),
    ("determinism.earlier_snapshot", "I", "the file holds the beginning of a session that another file has more of"),
    ("golden.mismatch", "E", "the expectation is not what its session recomputes to"),
    ("golden.not_checkable", "W", "the expectation has no session, or none that can be recomputed"),
    ("contract.id_duplicate", "E", "the contract uses an identifier twice"),
    ("contract.scenario_id_mismatch", "E", "the parts of the contract are about different scenarios"),
    ("contract.version_mismatch", "W", "the parts of the contract have different versions"),
    ("contract.thresholds", "E", "the thresholds of the rubric are not in order"),
    ("contract.weights_total", "W", "the weights do not add up to the maximum"),
    ("contract.basis_unsupported", "W", "an objective is scored in a way that has no formula"),
    ("contract.event_type_unknown", "E", "the contract waits for an event that does not exist"),
    ("contract.phase_sequence", "E", "the phases are not the four of the format in their order"),
    ("contract.phase_next", "E", "a phase leads to another than the one listed after it"),
    ("contract.timebox_total", "W", "the timeboxes do not add up to the duration"),
    ("contract.objective_unresolved", "E", "scenario or drill name an objective that the rubric lacks"),
    ("contract.critical_unresolved", "E", "scenario or drill name a critical error that the rubric lacks"),
    ("contract.required_detail_mismatch", "E", "scenario and rubric ask for different evidence"),
    ("contract.label_mismatch", "W", "scenario and rubric name an objective differently"),
    ("contract.objective_not_staged", "W", "an objective is scored that no phase gives the chance to meet"),
    ("contract.critical_not_staged", "W", "an error is penalised that no phase declares"),
    ("contract.objective_without_drill", "W", "an objective can be missed that no drill trains"),
    ("contract.critical_without_drill", "W", "an error can be made that no drill trains"),
    ("contract.repeat_uncovered", "W", "an objective is drilled but not repeated in the re-audit"),
    ("contract.pass_unreachable", "W", "the staged objectives are not worth enough to pass"),
    ("contract.drill_outlasts_phase", "W", "a drill is longer than the phase it runs in"),
)

BY_CODE: dict[str, Rule] = {
    code: Rule(
        f"svr/{code.replace('.', '-').replace('_', '-')}",
        f"svr.{code}",
        _SEVERITIES[letter],
        summary,
        "SVR specification, section 12",
    )
    for code, letter, summary in _TABLE
}
RULES = tuple(BY_CODE.values())


def fault(code: str, at: str, message: str, *, expected: object = None, actual: object = None) -> Issue:
    """The rule of that code (without `svr.`) being broken at a pointer; `expected` and `actual` are shown as text."""
    return BY_CODE[code].issue(
        at,
        message,
        expected=None if expected is None else str(expected),
        actual=None if actual is None else str(actual),
    )


def distinct(issues: Iterable[Issue]) -> Iterator[Issue]:
    """The issues without exact repeats; beyond KEPT_PER_RULE of one rule the rest is only counted, on the last kept."""
    seen: set[tuple[str, str, str]] = set()
    kept: dict[str, int] = {}
    folded: dict[str, Issue] = {}
    for issue in issues:
        code = issue.rule.code
        identity = (code, issue.at, issue.message)
        if identity in seen:
            continue
        kept[code] = kept.get(code, 0) + 1
        if kept[code] < KEPT_PER_RULE:
            seen.add(identity)
            yield issue
        else:
            folded.setdefault(code, issue)
    for code, issue in folded.items():
        yield structs.replace(issue, count=kept[code] - KEPT_PER_RULE + 1)
