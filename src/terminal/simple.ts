/** Only characters of one column that never combine: Latin, punctuation, arrows, box drawing, blocks, shapes. */
export const simple =
  /^[ -~\xa0-\xac\xae-\u02ff\u2010-\u2027\u202f-\u205e\u2190-\u2193\u2212\u2500-\u25cf]*$/;
