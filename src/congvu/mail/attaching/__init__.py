"""What an attached file is (vi: kiểm tra tệp đính kèm; kk: тіркелген файлды тексеру), by its content, within limits."""
