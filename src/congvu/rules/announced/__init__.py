"""Events that books speak of before a channel records them (vi: sự kiện chưa được ghi; kk: жазылмайтын оқиғалар)."""
