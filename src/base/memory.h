// Memory that was freed, given back to the system.
#pragma once

namespace culprit {

// Where freed pieces lie between others that are still in use, what is asked for next mostly does
// not fit into them, and they would count to the end. Costs a walk over all pieces. Does nothing
// where the C library cannot.
void give_back_freed_memory();

}  // namespace culprit
