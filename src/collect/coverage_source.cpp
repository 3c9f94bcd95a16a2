#include "collect/coverage_source.h"

namespace culprit {

Result<std::vector<RawFile>> ConnectedSource::take() {
  if (!connection_) {
    Result<Connection> connection = Connection::open(address_, timeout_);
    if (!connection) return fail(connection.error());
    if (auto greeted = greet(*connection); !greeted) return fail(greeted.error());
    connection_ = std::move(*connection);
  }
  Result<std::vector<RawFile>> files = ask(*connection_);
  if (!files) connection_.reset();
  return files;
}

tl::unexpected<Error> ConnectedSource::too_much() const {
  return broken("sends more than " + std::to_string(kMaxDumpBytes) + " bytes in a dump");
}

}  // namespace culprit
