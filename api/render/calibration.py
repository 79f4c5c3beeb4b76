"""What a calibration says, as text."""

from models.calibration import Calibration, HourFactor, LawErrors, RoadCalibration
from models.messages import message
from models.text import Language


def calibration_text(found: Calibration | RoadCalibration, lang: Language) -> str:
    """Return what a calibration says, in ``lang``."""
    lines = [_runs(found, lang)]
    if isinstance(found, RoadCalibration):
        lines += _on_roads(found, lang)
    else:
        lines += [_law(found, lang), *_hours(found.hour_factors, lang)]
        for name, speed in sorted(found.class_speeds_m_s.items()):
            lines.append(message("calibration.class_speed", lang, name=name, speed=speed * 3.6))
    lines.append(_errors("calibration.before", found.before, found.standard_s, lang))
    lines.append(_errors("calibration.after", found.after, found.standard_s, lang))
    if found.after.mean_absolute_error_s >= found.before.mean_absolute_error_s:
        lines.append(message("calibration.no_better", lang))
    return "\n".join([*lines, *_bands(found, lang)])


def _runs(found: Calibration | RoadCalibration, lang: Language) -> str:
    left_out = found.outliers
    return message(
        "calibration.runs",
        lang,
        read=found.read_count,
        fitted=found.fitted_count,
        held=found.held_out_count,
        no_time=left_out.no_time,
        too_long=left_out.too_long,
        too_fast=left_out.too_fast,
    )


def _law(found: Calibration, lang: Language) -> str:
    return message(
        "calibration.law",
        lang,
        start=found.law.offset_s,
        speed=found.law.cruise_speed_m_s * 3.6,
        rate=found.law.acceleration_m_s2,
        sigma=found.time_sigma,
        p90=found.p90_factor,
    )


def _on_roads(found: RoadCalibration, lang: Language) -> list[str]:
    lines = []
    if found.unrouted_count:
        lines.append(message("calibration.unrouted", lang, count=found.unrouted_count))
    rounds = "calibration.settled" if found.converged else "calibration.unsettled"
    lines += [
        message(rounds, lang, rounds=found.rounds, change=found.last_change),
        message(
            "calibration.roads",
            lang,
            start=found.start_s,
            sigma=found.time_sigma,
            p90=found.p90_factor,
        ),
    ]
    for one in found.classes:
        name = one.road_class
        if one.given_times:
            name = message("calibration.given_times", lang, name=name)
        code = "calibration.speed_fitted" if one.fitted else "calibration.speed_kept"
        values = {
            "name": name,
            "before": one.before_m_s * 3.6,
            "after": one.after_m_s * 3.6,
            "driven": one.driven_m / 1000,
            "count": one.run_count,
            "error": one.uncertainty,
        }
        lines.append(message(code, lang, **values))
        if one.at_bound:
            lines.append(message("calibration.at_bound", lang, name=name))
    return lines + _hours(found.hour_factors, lang)


def _hours(factors: tuple[HourFactor, ...], lang: Language) -> list[str]:
    lines = []
    for one in factors:
        values = {"factor": one.time_factor, "count": one.run_count}
        lines.append(message("calibration.hours", lang, band=one.band.id, **values))
        for name, factor in sorted(one.class_time_factors.items()):
            lines.append(message("calibration.class_hours", lang, name=name, factor=factor))
    return lines


def _errors(code: str, errors: LawErrors, standard_s: float, lang: Language) -> str:
    return message(
        code,
        lang,
        mae=errors.mean_absolute_error_s,
        ratio=errors.median_ratio,
        standard=standard_s,
        right=errors.right_verdicts,
        within=errors.within_p90,
    )


def _bands(found: Calibration | RoadCalibration, lang: Language) -> list[str]:
    """Return a line for each band of distance; both judgements are of the same runs."""
    return [
        message(
            "calibration.band",
            lang,
            low=band.from_m,
            count=band.run_count,
            ratio=band.median_ratio,
            mae=band.mean_absolute_error_s,
            old_ratio=old.median_ratio,
            old_mae=old.mean_absolute_error_s,
            seen=band.observed_within,
            expected=band.predicted_within,
        )
        for old, band in zip(found.before.bands, found.after.bands, strict=True)
    ]
