//! Pages to acts, and each act's facts: numbers, dates, places, signatory
