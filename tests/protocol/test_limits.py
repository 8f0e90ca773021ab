"""Limits fit together."""

from chatzyo.protocol import limits


def test_the_largest_signal_fits_into_a_frame() -> None:
    envelope = '{"type":"signal","mid":"%s","seq":63,"blob":""}' % ("A" * 22)
    assert limits.MAX_BLOB_CHARS + len(envelope) <= limits.MAX_FRAME_BYTES


def test_a_sealed_kibibyte_multiple_fills_the_blob() -> None:
    sealed = 11 * 1024 + 16
    assert -(-sealed * 4 // 3) <= limits.MAX_BLOB_CHARS


def test_a_ping_comes_before_silence_is_final() -> None:
    assert limits.PING_AFTER_SECONDS * 2 <= limits.SILENCE_LIMIT_SECONDS


def test_one_match_fits_into_the_burst_of_two_visits() -> None:
    assert limits.MAX_SIGNALS_PER_DIRECTION <= 2 * limits.MESSAGE_BURST
