-- Nothing to do: an INTEGER has 64 bits here.
SELECT 1;
