#pragma once

#include "model/core/result.h"
#include "model/core/sentence.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <span>

/// The door through which the words of model/ come into the window: model/ knows no Qt and speaks
/// English; here its sentences get the language that the window has.
namespace layerscope::views {

/// A sentence whose pattern model/ has marked for translation: the pattern is looked up, and
/// numbers are written as the country does. `context` is the one that WORDS() names there.
QString inWords(const Sentence& sentence, const char* context = "doctor");

/// What explains a layer (layers::explain), as one sentence.
QString inWords(const Clauses& clauses);

/// A finished English text (of an Error, of a Problem): the pattern that it was made of is found
/// again in the list of model_texts.cpp, and what stood in its places is put into the translation.
/// Texts that are not listed stay English.
QString inWords(const std::string& english);

/// "file: group: what is wrong", with the last part in the user's language.
QString inWords(const Error& error);

/// If `text` is `pattern` with something in its places (%1 …), what that is, in order of the
/// numbers. For tests, too.
std::optional<QStringList> matchPattern(const QString& pattern, const QString& text);

/// Patterns of texts that model/ makes without marking them.
QStringList modelPatterns();

/// Those about saving for another Keras, or in another format.
std::span<const char* const> crossingTexts();

} // namespace layerscope::views
