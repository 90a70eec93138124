#pragma once

namespace mulligan::desktop
{

/// Gives what was freed back to the system, a moment after the last call and on a thread of its own. Every job has a
/// thread, and glibc keeps what the threads of packs, previews and replays freed: two gigabytes after some edits of a
/// large pack, of which half a gigabyte was in use. To be called in the window's thread; nothing where there is no
/// glibc.
void returnFreedMemory();

} // namespace mulligan::desktop
