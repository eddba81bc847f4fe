# Copyright (c) 2026, groundwork.aws contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each EBS volume type allows: size, IOPS and throughput, as documented for CreateVolume and ModifyVolume."""

from __future__ import annotations

from dataclasses import dataclass

from . import errors


@dataclass(frozen=True)
class Limits:
    """The ranges of one volume type. Sizes in GiB, throughput in MiB/s; None where the type has no such setting."""

    smallest: int
    largest: int
    iops: tuple[int, int] | None = None
    iops_per_gib: int = 0
    default_iops: int | None = None
    throughput: tuple[int, int] | None = None


LIMITS = {
    "gp2": Limits(1, 16384),
    "gp3": Limits(1, 65536, (3000, 80000), 500, 3000, (125, 2000)),
    "io1": Limits(4, 16384, (100, 64000), 50),
    "io2": Limits(4, 65536, (100, 256000), 1000),
    "st1": Limits(125, 16384),
    "sc1": Limits(125, 16384),
    "standard": Limits(1, 1024),
}
DEFAULT_TYPE = "gp2"
MULTI_ATTACH_TYPES = ("io1", "io2")
GP3_THROUGHPUT_PER_IOPS = 0.25


@dataclass(frozen=True)
class Performance:
    """The IOPS and the throughput (MiB/s) that a volume ends up with."""

    iops: int | None
    throughput: int | None


def performance(volume_type: str, size: int, iops: int | None, throughput: int | None) -> Performance:
    """Check a volume's type, size (GiB), IOPS and throughput (MiB/s) and fill in what was left out.

    Raises:
        EC2ClientError: InvalidParameterValue (unknown type, out of range, ratio), InvalidParameterCombination (a
            setting that the type does not have), MissingParameter (io1 and io2 without IOPS).
    """
    limits = limits_of(volume_type)
    check_size(volume_type, size)
    return Performance(
        _checked_iops(volume_type, limits, size, iops),
        _checked_throughput(volume_type, limits, iops or limits.default_iops, throughput),
    )


def baseline_iops(size: int) -> int:
    """The IOPS of a gp2 volume of a size in GiB."""
    return min(max(100, 3 * size), 16000)


def limits_of(volume_type: str) -> Limits:
    """Raises InvalidParameterValue for a volume type that does not exist."""
    if volume_type not in LIMITS:
        raise errors.invalid_value(f"Value ({volume_type}) for parameter volumeType is invalid. Unknown volume type.")
    return LIMITS[volume_type]


def check_size(volume_type: str, size: int) -> None:
    """Raises InvalidParameterValue for a size (GiB) that the volume type does not come in."""
    limits = limits_of(volume_type)
    if size < limits.smallest:
        raise errors.invalid_value(
            f"Volume of {size}GiB is too small for volume type {volume_type}; minimum is {limits.smallest}GiB."
        )
    if size > limits.largest:
        raise errors.invalid_value(
            f"Volume of {size}GiB is too large for volume type {volume_type}; maximum is {limits.largest}GiB."
        )


def _checked_iops(volume_type: str, limits: Limits, size: int, iops: int | None) -> int | None:
    if limits.iops is None:
        if iops is not None:
            raise errors.invalid_combination(f"The parameter iops is not supported for {volume_type} volumes.")
        return baseline_iops(size) if volume_type == "gp2" else None
    if iops is None:
        if limits.default_iops is None:
            raise errors.missing_parameter("iops")
        return limits.default_iops
    lowest, highest = limits.iops
    if not lowest <= iops <= highest:
        extreme = "low; minimum is" if iops < lowest else "high; maximum is"
        raise errors.invalid_value(f"Volume iops of {iops} is too {extreme} {lowest if iops < lowest else highest}.")
    # The baseline of a gp3 volume is free of the ratio: even 1 GiB has 3,000 IOPS.
    if iops > size * limits.iops_per_gib and iops != limits.default_iops:
        raise errors.invalid_value(
            f"Iops to volume size ratio of {iops / size:.6f} is too high; maximum is {limits.iops_per_gib}."
        )
    return iops


def _checked_throughput(volume_type: str, limits: Limits, iops: int | None, throughput: int | None) -> int | None:
    if limits.throughput is None:
        if throughput is not None:
            raise errors.invalid_combination(f"The parameter throughput is not supported for {volume_type} volumes.")
        return None
    lowest, highest = limits.throughput
    if throughput is None:
        return lowest
    if not lowest <= throughput <= highest:
        extreme = "low; minimum is" if throughput < lowest else "high; maximum is"
        bound = lowest if throughput < lowest else highest
        raise errors.invalid_value(f"Throughput of {throughput} MiB/s is too {extreme} {bound} MiB/s.")
    if throughput > GP3_THROUGHPUT_PER_IOPS * (iops or 0):
        raise errors.invalid_value(
            f"Throughput (MiB/s) to iops ratio of {throughput / (iops or 1):.6f} is too high; "
            f"maximum is {GP3_THROUGHPUT_PER_IOPS:.6f} MiB/s per iops."
        )
    return throughput
