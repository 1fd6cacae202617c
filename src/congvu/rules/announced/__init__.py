"""Events that books speak of and that no channel records yet (vi: sự kiện chưa được ghi; kk: әлі жазылмайтын оқиғалар).
A book over them loads and its examples run; the reading view says that nothing feeds it yet.
"""
