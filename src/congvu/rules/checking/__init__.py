"""The static checks of the rulebook (vi: kiểm tra quy tắc; kk: ережелерді тексеру), one room for each kind of fault."""
