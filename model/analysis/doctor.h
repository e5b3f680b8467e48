#pragma once

#include "model/core/sentence.h"
#include "model/formats/format.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace layerscope::analysis {

enum class RemedyKind {
    None,
    SaveAs, ///< in the format that `target` names
    AttachArchitecture, ///< from another file
    StripTrainingSetup,
    StripOptimizer,
    RenameDuplicates,
    OpenAnother, ///< the file at the path `target`
};

/// What a button could do about a finding.
struct RemedyAction
{
    RemedyKind kind = RemedyKind::None;
    std::string target; ///< a FORMAT name or a path, as `kind` says
    bool operator==(const RemedyAction&) const = default;
};

/// Something that the doctor noticed.
struct Finding
{
    std::string rule; ///< a short name for scripts, which does not change: "custom-layer"
    Severity severity = Severity::Note;
    std::string where; ///< a layer's path joined by '/', or a part of the file; may be empty
    bool isLayer = false; ///< `where` is the path of a layer
    Sentence what;
    Sentence why; ///< why it matters
    Sentence remedy; ///< what to do
    RemedyAction action = {};
};

enum class Outcome {
    Yes,
    No,
    Nothing, ///< there is nothing to resume
    Unsure, ///< nobody has tried
};

/// What one version of Keras makes of the file.
struct Verdict
{
    std::string keras; ///< "2.15", "tf_keras 2.21"
    Outcome loads = Outcome::Unsure;
    Sentence loadReason; ///< for every answer but Yes, and for a Yes with a condition
    Outcome resumes = Outcome::Unsure; ///< training goes on exactly where it stopped
    Sentence resumeReason;
};

/// How much of a file is there.
struct Damage
{
    std::uint64_t bytesHere = 0;
    std::uint64_t bytesExpected = 0;
    bool atLeast = false; ///< more than bytesExpected may be missing
    double percent() const;
};

/// What the doctor says about a file or a model.
struct Diagnosis
{
    std::filesystem::path path;
    bool opens = false;
    Sentence what; ///< what the file is
    Sentence writer; ///< who wrote it, as far as the file tells
    Sentence optimizer; ///< class, dialect, slots, step; or that there is none
    std::string format; ///< FORMAT name; empty where it is none of ours
    std::string kerasVersion;
    std::string tensorflowVersion;
    std::string dialect; ///< of the optimizer: "A", "B", "C", "D"; empty without one
    std::size_t slotCount = 0;
    std::optional<std::int64_t> iterations;
    std::optional<Damage> damage;
    std::vector<std::string> intact; ///< layers whose weights are all here; filled where some are
                                     ///< not
    std::vector<std::string> lost; ///< layers of which something is not
    std::vector<Finding> findings; ///< the gravest first
    std::vector<Verdict> verdicts; ///< none where the file holds no model
    std::vector<Sentence> checked; ///< what was looked at

    std::size_t count(Severity severity) const;
    bool isSuspicious() const; ///< above a note
};

enum class Values { Skip, Read };

/// Looks at whatever lies at `path`, which need not be a model, nor be there at all. With
/// Values::Read every tensor is read once, at memory speed.
/// Errors  Stopped only; everything else is part of the diagnosis
Result<Diagnosis> diagnose(
    const std::filesystem::path& path, Values values, const JobContext& job = {});

/// The same of a model that is open; without its values.
Diagnosis diagnose(const Network& network);

/// The same of a file that did not open, and why.
Diagnosis diagnoseUnopened(const std::filesystem::path& path, const Error& error);

/// "warning", for scripts.
std::string_view severityName(Severity severity);
std::string_view outcomeName(Outcome outcome);
std::string_view remedyName(RemedyKind kind);

/// The gravest first, otherwise in the order they were found.
void sortBySeverity(std::vector<Finding>& findings);

/// For `layerscope check`: words and a table, or one JSON document.
std::string diagnosisText(const Diagnosis& diagnosis);
Json diagnosisJson(const Diagnosis& diagnosis);

} // namespace layerscope::analysis
