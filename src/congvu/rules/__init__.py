"""The rule book applied to evidence (vi: quy tắc và nghĩa vụ; kk: ережелер мен міндеттер): duties. LegalRuleML."""
