"""점검·설문: rounds of checklists, what came of them, the batches of a survey, paper entry."""
