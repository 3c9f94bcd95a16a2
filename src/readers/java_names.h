// Names of Java methods as people write them, from the names and descriptors of class files.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace culprit {

// The parameter types of a method descriptor, by their simple names: `(ILjava/lang/String;[J)V`
// gives `int,String,long[]`. Nested classes keep their `$`. nullopt: not a descriptor.
[[nodiscard]] std::optional<std::string> java_parameters(std::string_view descriptor);

// `order.service.OrderServiceImpl#create(Order,HttpHeaders)` from `order/service/OrderServiceImpl`,
// `create` and its descriptor. A descriptor that is none stays as it is.
[[nodiscard]] std::string java_method_name(std::string_view class_name, std::string_view method,
                                           std::string_view descriptor);

}  // namespace culprit
