#pragma once

#include <string>
#include <string_view>

namespace mulligan::ingest::spark
{

/// The error of an SQL execution as a person reads it. Spark writes errors that have a class of their own as JSON
/// (SparkThrowableHelper: errorClass, messageTemplate, sqlState, messageParameters) and others as text. Of JSON this
/// gives "[ERROR_CLASS] message SQLSTATE: 42P01" with the parameters put into the template, as Spark prints it
/// elsewhere; text, and JSON of another form, comes back as it is.
[[nodiscard]] std::string sqlErrorText(std::string_view message);

} // namespace mulligan::ingest::spark
