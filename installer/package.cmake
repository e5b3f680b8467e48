# What an installed Layerscope consists of, and how it becomes a .deb. Translations and icons are inside the program.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # tests need not be built to install the program
set(share ${CMAKE_INSTALL_DATADIR})
set(desktop ${PROJECT_SOURCE_DIR}/resources/desktop)

install(TARGETS layerscope RUNTIME)
install(FILES
    ${PROJECT_SOURCE_DIR}/resources/data/iris.csv
    ${PROJECT_SOURCE_DIR}/resources/data/digits.csv
    ${PROJECT_SOURCE_DIR}/resources/data/README.md
    DESTINATION ${share}/layerscope/data)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/resources/samples/ DESTINATION ${share}/layerscope/samples
    FILES_MATCHING PATTERN "*.h5" PATTERN "README.md")
install(FILES ${desktop}/layerscope.desktop DESTINATION ${share}/applications)
install(FILES ${desktop}/layerscope-mime.xml DESTINATION ${share}/mime/packages RENAME layerscope.xml)
install(FILES ${desktop}/org.layerscope.Layerscope.metainfo.xml DESTINATION ${share}/metainfo)
install(FILES ${PROJECT_SOURCE_DIR}/resources/icons/layerscope.svg
    DESTINATION ${share}/icons/hicolor/scalable/apps OPTIONAL)
install(FILES ${PROJECT_SOURCE_DIR}/installer/copyright DESTINATION ${share}/doc/layerscope)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME layerscope)
set(CPACK_PACKAGE_CONTACT "Layerscope maintainers <maintainers@layerscope.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "explorer and trainer of saved Keras models")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"Layerscope opens the model files that Keras saves, shows their layers, the
distribution of every weight and the state of the optimizer, trains the model
further, and saves it so that Keras goes on from there. It needs neither
Python nor TensorFlow.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# Text needs a font; nothing that the program links brings one.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "fonts-dejavu-core | fonts-freefont-ttf | fonts-liberation2")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland")
include(CPack)
