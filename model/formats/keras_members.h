#pragma once

// Internal to the formats of whole models in Keras's v3 layout: the members of an archive, or of a
// folder that one was unpacked into.

#include "model/formats/keras_v3_file.h"

#include <functional>

namespace layerscope::formats {

inline constexpr const char* metadataMember = "metadata.json";
inline constexpr const char* configMember = "config.json";
inline constexpr const char* weightsMember = "model.weights.h5";
/// Ours: the loss history as JSON, which every Keras ignores.
inline constexpr const char* historyMember = "training_history.json";
inline constexpr const char* assetsFolder = "assets/";

/// Longest JSON text that is read of a member.
inline constexpr std::uint64_t longestText = 256U << 20U;

struct Members
{
    std::vector<std::string> names;
    std::function<Result<std::string>(const std::string& name)> text;
    std::function<Result<std::shared_ptr<const containers::MappedFile>>(const std::string& name)>
        file;

    bool has(std::string_view name) const { return std::ranges::find(names, name) != names.end(); }
};

/// Fills `network` from the members; what is damaged becomes a Problem where the rest can be shown.
/// `carried` knows where the members lie.
/// Errors  WrongFormat (no config.json), Corrupt (one that describes no model)
Result<Network> readMembers(const Members& members, Network network,
    std::shared_ptr<V3Carried> carried, const JobContext& job);

/// The part of writing that archives and folders share.
struct MemberTexts
{
    std::string metadata;
    std::string config;
    std::optional<std::string> history;
};

/// Whether a member is Keras's or ours, and not carried along as it is.
bool isOwnMember(std::string_view name);

} // namespace layerscope::formats
