"""Jobs: kept in a database, carried out by workers, none lost and none accepted twice."""
